"""Column types that keep every string whole: NUL and lone surrogates included."""

import json
from typing import Any

from sqlalchemy import JSON, Dialect, LargeBinary, TypeDecorator


class AnyJson(TypeDecorator[Any]):
    """JSON kept as text. `jsonb` would refuse \\u0000 and lone surrogates; escapes survive in `json`."""

    impl = JSON(none_as_null=True)
    cache_ok = True


class AnyText(TypeDecorator[str]):
    """Text of any code points, kept as bytes; `text` refuses NUL and lone surrogates."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else bytes(value).decode("utf-8", "surrogatepass")


def dump_json(value: Any) -> str:
    """JSON in plain ASCII: whatever the strings hold, PostgreSQL takes it."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
