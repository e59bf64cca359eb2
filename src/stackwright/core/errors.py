"""Everything that can be told to a caller: a stable `code`, an HTTP status and a sentence.

Rendered as RFC 9457 problem+json by one handler in `api`. A bug is not one of these: it flies.
"""

from collections.abc import Sequence
from typing import Literal


class WrongSettings(Exception):
    """The platform cannot work as it is set up; the person who starts it reads this. One line for each setting;
    no secrets in them."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))


class PlatformError(Exception):
    """Something we can tell the caller. `code` is stable for clients; the text is for people."""

    status = 500
    code = "internal"
    retry_after_s: int | None = None


class BadInput(PlatformError):
    """The request is well-formed but means nothing we can act on."""

    status = 422
    code = "bad_input"


class Forbidden(PlatformError):
    """It is there, and not for this caller."""

    status = 403
    code = "forbidden"


class InvalidId(PlatformError):
    status = 422
    code = "invalid_id"

    def __init__(self, kind: str, value: str) -> None:
        super().__init__(
            f"{value[:120]!r} is no valid {kind} id: use 1 to 100 letters, digits or . _ : @ -, "
            "starting with a letter or digit."
        )


class ProjectNotFound(PlatformError):
    status = 404
    code = "project_not_found"

    def __init__(self, project_id: str) -> None:
        super().__init__(f"There is no project {project_id!r}. Start one by sending it a message.")


class RunNotFound(PlatformError):
    status = 404
    code = "run_not_found"

    def __init__(self, run_id: str) -> None:
        super().__init__(f"There is no run {run_id!r} in this project.")


class UserNotFound(PlatformError):
    status = 404
    code = "user_not_found"

    def __init__(self, user_id: str) -> None:
        super().__init__(f"There is no user {user_id!r}.")


class FileNotInWorkspace(PlatformError):
    status = 404
    code = "file_not_found"

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no file {path!r} in this project.")


class InvalidPath(PlatformError):
    status = 422
    code = "invalid_path"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path[:200]!r} is not a path inside the project: use a relative path without '..'."
        )


class Conflict(PlatformError):
    """The request contradicts the present state; nothing was changed."""

    status = 409
    code = "conflict"


class IdempotencyMismatch(PlatformError):
    status = 422
    code = "idempotency_mismatch"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"Idempotency-Key {key!r} was used before with another body; send a new key."
        )


class SandboxLimitReached(PlatformError):
    status = 429
    code = "sandbox_limit"
    retry_after_s = 30

    def __init__(self, limit: int, whose: Literal["user", "server"]) -> None:
        self.whose: Literal["user", "server"] = whose
        self.reason = f"All {limit} sandboxes of this {whose} are in use"
        super().__init__(
            f"{self.reason}. Wait until a run ends, or stop one, and send the message again."
        )


class TooManyKeptSandboxes(PlatformError):
    """Paused sandboxes keep their disk, so one user may not have any number of them."""

    status = 429
    code = "sandbox_limit"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"You have {limit} projects whose sandbox is kept. Delete a project that you do not need "
            "any more, and send the message again."
        )


class SandboxUnavailable(PlatformError):
    """The sandbox engine cannot give us a working sandbox now; the workspace is safe."""

    status = 503
    code = "sandbox_unavailable"
    retry_after_s = 5


class DatabaseUnavailable(PlatformError):
    status = 503
    code = "database_unavailable"
    retry_after_s = 5

    def __init__(self) -> None:
        super().__init__("The database does not answer; nothing was changed. Try again soon.")


class NotReady(PlatformError):
    """A part that is needed has not started yet."""

    status = 503
    code = "not_ready"
    retry_after_s = 2
