"""Signed addresses of files: whoever holds one needs no token, for that file and use alone."""

import base64
import time

# `hmac.compare_digest`, without what else comes with hmac: a sandbox is ready sooner
from _operator import _compare_digest as equal_secrets  # pyright: ignore[reportPrivateUsage]
from collections.abc import Mapping

from stackwright.engine.http1 import HttpError

OPERATIONS = {"GET": "read", "HEAD": "read", "POST": "write"}


def is_signed_with(token: str, method: str, query: Mapping[str, str]) -> bool:
    """Whether the query's signature was made with `token` for this path, user and method."""
    import hashlib  # noqa: PLC0415 (a sandbox is ready sooner without it)

    fields = [query.get("path", ""), OPERATIONS.get(method, ""), query.get("username", "")]
    fields += [token] + [query[name] for name in ("signature_expiration",) if name in query]
    digest = hashlib.sha256(":".join(fields).encode()).digest()
    expected = b"v1_" + base64.b64encode(digest).rstrip(b"=")
    return equal_secrets(query.get("signature", "").encode(), expected)


def check_expiry(query: Mapping[str, str]) -> None:
    expires = query.get("signature_expiration")
    if expires is not None and (not expires.isdecimal() or int(expires) < time.time()):
        raise HttpError(401, "signature is already expired")
