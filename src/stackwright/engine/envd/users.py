"""Who acts inside the sandbox, and what a client's path means for them."""

import base64
import binascii
import os
import pwd

from stackwright.engine.envd.errors import RpcError
from stackwright.engine.http1 import Headers

DEFAULT_USER = "user"


def get_user(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name or DEFAULT_USER)
    except (KeyError, ValueError):
        raise RpcError("unauthenticated", f"invalid username: {name!r}") from None


def caller(headers: Headers) -> pwd.struct_passwd:
    """The user named by Basic authentication, else the default user."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return get_user(DEFAULT_USER)
    try:
        name = base64.b64decode(value).decode().split(":")[0]
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RpcError("unauthenticated", "malformed Authorization header") from error
    return get_user(name)


def resolve(path: str, user: pwd.struct_passwd) -> str:
    """Absolute, normalised; relative paths and `~` start at the user's home."""
    if "\0" in path:
        raise RpcError("invalid_argument", "the path contains a NUL byte")
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise RpcError("invalid_argument", "the path is no text that a name can be") from error
    if path == "~" or path.startswith("~/"):
        path = user.pw_dir + path[1:]
    elif path.startswith("~"):
        raise RpcError("invalid_argument", "cannot expand user-specific home dir")
    return os.path.normpath(os.path.join(user.pw_dir, path))


def make_parents(folder: str) -> None:
    """Create `folder` and what is missing above it."""
    try:
        os.makedirs(folder, mode=0o755, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise RpcError("internal", f"path is a file: {error.filename or folder}") from error
