"""Mails: sent by the server that SMTP_HOST names; without one they lie in the outbox page."""

import asyncio
import hashlib
import logging
import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage

from bson import ObjectId
from fastapi import Request
from pydantic_settings import BaseSettings, SettingsConfigDict

from database import collection

OUTBOX = "_outbox"
KEPT = 200

log = logging.getLogger(__name__)


class MailSettings(BaseSettings):
    """`app_origin` is the address of the app in mails, such as https://club.example."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    app_origin: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_sender: str = "app@localhost"


mail_settings = MailSettings()


async def send_mail(to: str, subject: str, text: str, key: str = "") -> bool:
    """Whether it was sent; if not, it is kept in the outbox. Mails with the same `key` are one mail:
    they have one Message-ID, and stand in the outbox once."""
    subject = " ".join(subject.split())[:200]
    if mail_settings.smtp_host:
        try:
            await asyncio.to_thread(_send, to, subject, text, key)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            log.warning("a mail was not sent: %s", str(error)[:300])
        else:
            return True
    mail = {"to": to, "subject": subject, "text": text, "created_at": datetime.now(UTC)}
    query = {"_id": key or str(ObjectId())}
    await collection(OUTBOX).update_one(query, {"$setOnInsert": mail}, upsert=True)
    return False


def _send(to: str, subject: str, text: str, key: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail_settings.smtp_sender, to, subject
    if key:
        digest = hashlib.sha256(key.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{digest}@{mail_settings.smtp_sender.rpartition('@')[2]}>"
    message.set_content(text)
    with smtplib.SMTP(mail_settings.smtp_host, mail_settings.smtp_port, timeout=20) as server:
        if mail_settings.smtp_user:
            server.starttls()
            server.login(mail_settings.smtp_user, mail_settings.smtp_password)
        server.send_message(message)


async def outbox() -> list[dict[str, str]]:
    """The mails that were not sent, newest first."""
    found = await collection(OUTBOX).find({}).sort("created_at", -1).to_list(KEPT)
    return [
        {"id": str(mail["_id"]), "to": mail["to"], "subject": mail["subject"], "text": mail["text"]}
        for mail in found
    ]


def origin_of(request: Request) -> str:
    """Where links in mails lead. What a request says of its host is believed only where nothing is
    sent: a stranger could have somebody's link lead elsewhere."""
    if mail_settings.app_origin or mail_settings.smtp_host:
        return mail_settings.app_origin.rstrip("/")
    host = request.headers.get("x-forwarded-host") or request.headers.get("host", "localhost")
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme).split(",")[0]
    return f"{scheme}://{host}"
