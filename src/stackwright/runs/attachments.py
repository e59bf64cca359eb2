"""Checks what a person sends with a message."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from stackwright.core.attachments import (
    MAX_ATTACHMENTS,
    MAX_NAME_CHARS,
    MAX_TEXT_BYTES,
    MAX_TOTAL_BYTES,
    Attachment,
)
from stackwright.core.errors import BadInput
from stackwright.core.ids import ProjectId, RunId
from stackwright.core.pictures import fitted, looks_like_picture

if TYPE_CHECKING:
    from stackwright.tools.web.guard import Guard

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class GivenAttachment:
    """An attachment as it comes in: `content`, or the address to fetch it from."""

    name: str
    content: bytes = b""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedAttachment:
    """An attachment as it will be stored; of a picture the first frame, in the size that models take."""

    name: str
    media_type: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    def stored(self, project: ProjectId, run: RunId) -> Attachment:
        """The entry that the message keeps; the content is kept with the run."""
        is_picture = self.media_type != "text/plain"
        ending = "png" if self.media_type == "image/png" else "jpg"
        url = f"/api/projects/{project}/runs/{run}/screenshots/{self.sha256}.{ending}"
        return Attachment(
            name=self.name,
            kind="picture" if is_picture else "text",
            media_type=self.media_type,
            sha256=self.sha256,
            size_bytes=len(self.content),
            width=self.width,
            height=self.height,
            url=url if is_picture else None,
        )


async def checked(
    given: Sequence[GivenAttachment], guard: Guard | None = None
) -> tuple[CheckedAttachment, ...]:
    """Raises BadInput with a sentence about the first one that cannot be taken."""
    if len(given) > MAX_ATTACHMENTS:
        raise BadInput(
            f"A message may have {MAX_ATTACHMENTS} attachments; this one has {len(given)}."
        )
    out: list[CheckedAttachment] = []
    total = 0
    for one in given:
        name = clean_name(one)
        content = one.content if one.url is None else await _fetched(one.url, guard)
        total += len(content)
        if total > MAX_TOTAL_BYTES:
            most = MAX_TOTAL_BYTES // 1_000_000
            raise BadInput(f"{name} is too much: the attachments of a message may have {most} MB.")
        out.append(await asyncio.to_thread(_checked, name, content))
    return tuple(out)


def clean_name(given: GivenAttachment) -> str:
    """The last part of the name or address, in one line."""
    path = given.name or unquote(urlsplit(given.url or "").path)
    last = re.split(r"[/\\]", path)[-1]
    plain = _UNPRINTABLE.sub("", last).strip()
    return plain[-MAX_NAME_CHARS:] or "attachment"


async def _fetched(url: str, guard: Guard | None) -> bytes:
    # Loaded late: a process that only serves does without an HTTP client.
    import aiohttp  # noqa: PLC0415

    from stackwright.core.compression import BodyDamaged  # noqa: PLC0415
    from stackwright.tools.web.guard import Guard, RequestRefused  # noqa: PLC0415

    shown = url[:200]
    try:
        page = await (guard or Guard()).fetch(url)
    except RequestRefused as error:
        raise BadInput(f"{shown} is not fetched: {error}") from error
    except (aiohttp.ClientError, OSError, TimeoutError, BodyDamaged) as error:
        raise BadInput(f"{shown} cannot be fetched ({type(error).__name__}).") from error
    if page.status != 200:
        raise BadInput(f"{shown} answers HTTP {page.status}.")
    if page.was_cut:
        raise BadInput(f"{shown} is larger than what is fetched; send it as a file.")
    return page.body


def _checked(name: str, content: bytes) -> CheckedAttachment:
    if looks_like_picture(content):
        made = fitted(content, name)
        return CheckedAttachment(name, made.media_type, made.content, made.width, made.height)
    if not content:
        raise BadInput(f"{name} is empty.")
    if content.startswith(b"%PDF"):
        raise BadInput(f"{name} is a PDF, which cannot be taken; send its text or a picture of it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_text(name) from error
    if "\0" in text:
        raise _no_text(name)
    if len(content) > MAX_TEXT_BYTES:
        most = MAX_TEXT_BYTES // 1000
        raise BadInput(f"{name} has {len(content) // 1000} kB; text files may have {most} kB.")
    return CheckedAttachment(name, "text/plain", text.encode())


def _no_text(name: str) -> BadInput:
    return BadInput(f"{name} is neither a picture (PNG, JPEG, GIF, WebP) nor text in UTF-8.")
