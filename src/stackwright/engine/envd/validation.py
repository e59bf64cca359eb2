"""What the fields of a message may hold. E2B's agent refuses the same when it decodes a message."""

from typing import Any, TypeAlias, cast

from stackwright.engine.envd.errors import RpcError

Shape: TypeAlias = "type | tuple[type, ...] | list[Shape] | dict[str, Shape]"
"""A list holds things of its one shape; a dict names fields, `ANY` standing for every name."""

ANY = "*"
_PROCESS: Shape = {"pid": int, "tag": str}
_SIZE: Shape = {"size": {"rows": int, "cols": int}}
_INPUT: Shape = {"stdin": str, "pty": str}
_CONFIG: Shape = {"cmd": str, "args": [str], "envs": {ANY: str}, "cwd": str}
_PATH: Shape = {"path": str}
_WATCH: Shape = {"path": str, "recursive": bool, "includeEntry": bool}

SHAPES: dict[str, Shape] = {
    "/init": {"envVars": {ANY: str}},
    "/disk": {"isFull": bool, "limitMb": int, "reserveBytes": int},
    "/process.Process/Start": {"process": _CONFIG, "pty": _SIZE, "tag": str, "stdin": bool},
    "/process.Process/Connect": {"process": _PROCESS},
    "/process.Process/StreamInput": {"start": {"process": _PROCESS}, "data": {"input": _INPUT}},
    "/process.Process/Update": {"process": _PROCESS, "pty": _SIZE},
    "/process.Process/SendInput": {"process": _PROCESS, "input": _INPUT},
    "/process.Process/SendSignal": {"process": _PROCESS, "signal": (str, int)},
    "/process.Process/CloseStdin": {"process": _PROCESS},
    "/filesystem.Filesystem/Stat": _PATH,
    "/filesystem.Filesystem/ListDir": {"path": str, "depth": int},
    "/filesystem.Filesystem/MakeDir": _PATH,
    "/filesystem.Filesystem/Move": {"source": str, "destination": str},
    "/filesystem.Filesystem/Remove": _PATH,
    "/filesystem.Filesystem/WatchDir": _WATCH,
    "/filesystem.Filesystem/CreateWatcher": _WATCH,
    "/filesystem.Filesystem/GetWatcherEvents": {"watcherId": str},
    "/filesystem.Filesystem/RemoveWatcher": {"watcherId": str},
}


def check(message: dict[str, Any], path: str) -> None:
    """Raises RpcError when `message` is none of those for `path`. Unknown fields are passed over."""
    _check(message, SHAPES.get(path, {}), "the message")


def _check(value: object, shape: Shape, name: str) -> None:
    if isinstance(shape, dict):
        for key, inner in cast("dict[str, object]", _of(value, dict, name)).items():
            expected = shape.get(key, shape.get(ANY))
            is_left_out = inner is None and ANY not in shape
            if expected is not None and not is_left_out:
                _check(inner, expected, key)
                _check_text(key)
    elif isinstance(shape, list):
        for inner in cast("list[object]", _of(value, list, name)):
            _check(inner, shape[0], name)
    elif isinstance(_of(value, shape, name), str):
        _check_text(cast("str", value))


def _of(value: object, kind: type | tuple[type, ...], name: str) -> object:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise RpcError("invalid_argument", f"{name[:100]!r} has the wrong type")
    return value


def _check_text(text: str) -> None:
    """Raises RpcError for a zero byte or half a character, which system calls do not take."""
    try:
        is_text = b"\0" not in text.encode()
    except UnicodeEncodeError:
        is_text = False
    if not is_text:
        raise RpcError("invalid_argument", "a text of the message is none")
