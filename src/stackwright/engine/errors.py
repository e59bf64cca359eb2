"""Failures of the engine's control API; the SDK acts on the status."""


class ApiError(Exception):
    """Answered as `{"code": status, "message": text}`."""

    status = 500
    retry_after_s: int | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadRequest(ApiError):
    status = 400


class Unauthorized(ApiError):
    status = 401


class NotFound(ApiError):
    status = 404


class Conflict(ApiError):
    status = 409


class TooManySandboxes(ApiError):
    status = 429
    retry_after_s = 5


class EngineBusy(ApiError):
    """The engine has no descriptors left, or the sandbox no time to answer; it is as it was."""

    status = 503
    retry_after_s = 1


class BootError(ApiError):
    status = 500
