from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from stackwright.core.attachments import Attachment
from stackwright.core.errors import FileNotInWorkspace
from stackwright.tools.attachments import SaveAttachment, save_attachment
from stackwright.tools.base import ToolContext, ToolFailed

PNG = b"\x89PNG picture"
LOGO = Attachment(
    name="logo.png", kind="picture", media_type="image/png", sha256="a" * 64, size_bytes=12,
    width=40, height=30,
)  # fmt: skip


class Context:
    def __init__(self, kept: bytes | None = PNG) -> None:
        self.files: Any = self
        self.written: dict[str, bytes | None] = {}
        self._kept = kept

    async def attached(self) -> Sequence[Attachment]:
        return [LOGO]

    async def kept(self, sha256: str) -> bytes | None:
        assert sha256 == LOGO.sha256
        return self._kept

    async def read(self, path: str) -> bytes:
        content = self.written.get(path)
        if content is None:
            raise FileNotInWorkspace(path)
        return content

    async def apply(self, changes: Mapping[str, bytes | None]) -> Sequence[str]:
        self.written |= changes
        return list(changes)


async def save(context: Context, name: str, path: str) -> str:
    return await save_attachment(SaveAttachment(name=name, path=path), cast("ToolContext", context))


async def test_a_sent_picture_becomes_a_file_byte_by_byte() -> None:
    context = Context()
    told = await save(context, "logo.png", "frontend/public/logo.png")
    assert context.written == {"frontend/public/logo.png": PNG}
    assert told == "Saved frontend/public/logo.png (40x30, 12 bytes, image/png)."
    assert await save(context, "logo.png", "frontend/public/logo.png") == told


async def test_what_was_not_sent_or_is_gone_or_in_the_way_is_said() -> None:
    with pytest.raises(ToolFailed, match="They sent: logo"):
        await save(Context(), "other.png", "a.png")
    with pytest.raises(ToolFailed, match="not kept any more"):
        await save(Context(kept=None), "logo.png", "a.png")
    context = Context()
    context.written["a.png"] = b"other"
    with pytest.raises(ToolFailed, match="another file"):
        await save(context, "logo.png", "a.png")
    with pytest.raises(ToolFailed, match=r"\.stackwright|scaffold"):
        await save(Context(), "logo.png", ".stackwright/app.json")
