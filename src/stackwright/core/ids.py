"""Identifiers. Not interchangeable for the type checker; UUID strings unless the caller brings one."""

import os
import re
import time
import uuid
from typing import NewType

UserId = NewType("UserId", str)
ProjectId = NewType("ProjectId", str)
RunId = NewType("RunId", str)
SandboxId = NewType("SandboxId", str)

SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}\Z")
"""What a caller may bring as an id: 1 to 100 characters, safe in a URL path, a header and a log."""


def new_id() -> str:
    """A UUIDv7: time-ordered to the millisecond, random below (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def new_run_id() -> RunId:
    """A UUIDv4: random in 122 bits. Whoever knows a run's id may be shown its report, and its processes
    in the sandbox are ended by it, so it must not follow from the time or from another id."""
    return RunId(str(uuid.uuid4()))


def is_sane_id(value: str) -> bool:
    """Whether `value` may be used as an id of a project or a user."""
    return SANE_ID.match(value) is not None
