"""Signed addresses of files: whoever holds one needs no token, for that file and use alone."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from stackwright.engine.agent.http1 import HttpError

OPERATIONS = {"GET": "read", "POST": "write"}


def is_signed_with(token: str, method: str, query: Mapping[str, str]) -> bool:
    """Whether the query's signature was made with `token` for this path, user and method."""
    fields = [query.get("path", ""), OPERATIONS.get(method, ""), query.get("username", "")]
    fields += [token] + [query[name] for name in ("signature_expiration",) if name in query]
    digest = hashlib.sha256(":".join(fields).encode()).digest()
    expected = b"v1_" + base64.b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(query.get("signature", "").encode(), expected)


def check_expiry(query: Mapping[str, str]) -> None:
    expires = query.get("signature_expiration")
    if expires is not None and (not expires.isdecimal() or int(expires) < time.time()):
        raise HttpError(401, "signature is already expired")
