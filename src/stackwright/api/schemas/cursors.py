"""Cursors of lists that come in pages: opaque to clients."""

import base64
import binascii
from datetime import datetime

from stackwright.core.errors import BadInput
from stackwright.core.ids import ProjectId


def write_cursor(place: tuple[datetime, ProjectId] | None) -> str | None:
    """The end of a page; None: it is the last one."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(f"{place[0].isoformat()}|{place[1]}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, ProjectId] | None:
    """Raises BadInput."""
    if cursor is None:
        return None
    try:
        when, _, project = base64.urlsafe_b64decode(cursor).decode().partition("|")
        place = datetime.fromisoformat(when)
    except (binascii.Error, ValueError) as error:
        raise BadInput(
            f"{cursor[:100]!r} is no cursor; use the `next` of the page before."
        ) from error
    if place.tzinfo is None or not project.isprintable():
        raise BadInput(f"{cursor[:100]!r} is no cursor; use the `next` of the page before.")
    return place, ProjectId(project)
