"""Failures of the agent's Connect services, with the protocol's own codes."""

from typing import Literal

Code = Literal[
    "invalid_argument",
    "unauthenticated",
    "permission_denied",
    "not_found",
    "already_exists",
    "failed_precondition",
    "resource_exhausted",
    "deadline_exceeded",
    "unimplemented",
    "unavailable",
    "internal",
]

HTTP_STATUS: dict[Code, int] = {
    "invalid_argument": 400,
    "unauthenticated": 401,
    "permission_denied": 403,
    "not_found": 404,
    "already_exists": 409,
    "failed_precondition": 400,
    "resource_exhausted": 429,
    "deadline_exceeded": 504,
    "unimplemented": 501,
    "unavailable": 503,
    "internal": 500,
}


class RpcError(Exception):
    """An expected failure of one call; the client sees its code and message."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message


def from_os_error(error: OSError) -> RpcError:
    """The RPC failure that says the same as an error of the operating system."""
    if isinstance(error, PermissionError):
        return RpcError("permission_denied", str(error))
    if isinstance(error, FileNotFoundError):
        return RpcError("not_found", str(error))
    return RpcError("internal", str(error))
