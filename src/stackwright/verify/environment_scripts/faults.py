"""What can be made to go wrong between the app's pages and its API, and how it looks to them."""

import json
import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SETUP_HEADER = "x-proof-setup"
REFUSED_READS_HEADER = "x-proof-refuse-reads"
"""Makes READS_REFUSED befall one window alone; it can only do harm to whoever sends it."""


class Fault(StrEnum):
    NONE = "none"
    WRITES_REFUSED = "writes_refused"
    """Every write answers 503."""
    WRITES_SWALLOWED = "writes_swallowed"
    """Every write is answered as if it had worked; nothing is stored."""
    READS_REFUSED = "reads_refused"
    """GET /api/* answers 503."""
    QUERIES_IGNORED = "queries_ignored"
    """GET /api/* loses its query."""
    PAGES_EMPTIED = "pages_emptied"
    """Every page comes without content."""
    STYLES_DROPPED = "styles_dropped"
    """Every style sheet comes empty."""
    ACTIONS_IGNORED = "actions_ignored"
    """The library that witnesses use does no click and presses no key; the app itself is sound."""
    RECORDS_LOST = "records_lost"
    """The library deletes what a witness made before it began; the app itself is sound."""
    RECORDS_CHANGED = "records_changed"
    """The library changes what a witness made before it began; the app itself is sound."""
    REFUSALS_ACCEPTED = "refusals_accepted"
    """What the app refuses is answered as if it had worked; nothing is stored."""


def is_write(method: str, path: str) -> bool:
    return method in WRITING and not path.startswith("/_next/")


def is_api_read(method: str, path: str) -> bool:
    return method in ("GET", "HEAD") and path.startswith("/api/")


def is_refusal(method: str, path: str, status: int) -> bool:
    """A page that is not found is no refusal."""
    return 400 <= status < 500 and (is_write(method, path) or is_api_read(method, path))


def replaced(fault: Fault, method: str, path: str, accepted: str) -> tuple[int, bytes, str] | None:
    """Status, body and type of what a reader gets instead of the app's answer; None: the app's."""
    if method not in ("GET", "HEAD"):
        return None
    plain = path.partition("?")[0]
    is_page = "text/html" in accepted and not plain.startswith(("/api/", "/_next/"))
    if fault is Fault.READS_REFUSED and is_api_read(method, path):
        return 503, refusal(), "application/problem+json"
    if fault is Fault.PAGES_EMPTIED and is_page:
        return 200, b"<!doctype html><html><body></body></html>", "text/html"
    if fault is Fault.STYLES_DROPPED and plain.endswith(".css"):
        return 200, b"", "text/css"
    return None


def refusal() -> bytes:
    detail = "The service is unavailable for the moment."
    return json.dumps({"title": "Service Unavailable", "status": 503, "detail": detail}).encode()


def swallowed(method: str, sent: bytes, stored: bytes) -> tuple[int, bytes]:
    """The status and body of a write that did not happen; `stored` is what a GET of its path says."""
    if method == "DELETE":
        return 204, b""
    wanted = _as_object(sent)
    if method == "POST":
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        made = {"id": secrets.token_hex(12), "created_at": now, "updated_at": now}
        return 201, json.dumps(made | wanted).encode()
    return 200, json.dumps(_as_object(stored) | wanted).encode()


def accepted(method: str, sent: bytes) -> tuple[int, bytes]:
    """The status and body of what the app has refused: of a read, nothing that anybody could use."""
    return (200, b"{}") if method in ("GET", "HEAD") else swallowed(method, sent, b"")


def _as_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}
