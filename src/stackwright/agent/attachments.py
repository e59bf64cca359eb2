"""Shows the model what the person sent with a message."""

from collections.abc import Sequence
from typing import Any, cast

from stackwright.agent.contract import AgentWork, ReadPicture
from stackwright.agent.models.base import ContentBlock, Message
from stackwright.agent.pictures import picture_block
from stackwright.agent.state import user_text
from stackwright.core.attachments import ATTACHED, Attachment
from stackwright.core.events import StateChanged
from stackwright.tools.base import Picture

NOT_SEEN = "This model cannot see pictures; it works from the words of the message."


async def spoken(text: str, work: AgentWork) -> list[Message]:
    """A message of the person as the conversation holds it, followed by what was sent with it."""
    attachments = await work.attached(text)
    if not attachments:
        return [user_text(text)]
    if not work.model.takes_images and any(one.kind == "picture" for one in attachments):
        work.emit(StateChanged(state="pictures_not_seen", detail=NOT_SEEN))
    return [user_text(text), Message("user", tuple(await shown(attachments, work.picture)))]


def answer_text(answer: Any) -> str:
    """The message that is the answer to a question; empty for one that filled in a form."""
    if not isinstance(answer, dict):
        return str(answer)
    return str(cast("dict[str, Any]", answer).get("text", ""))


async def shown(attachments: Sequence[Attachment], read: ReadPicture) -> list[ContentBlock]:
    """The blocks of a message with which the model is shown the attachments."""
    out: list[ContentBlock] = []
    for one in attachments:
        if one.kind == "picture":
            unseen = f"{ATTACHED} {one.name}: a picture, which this model cannot see.]"
            picture = Picture(one.sha256, one.media_type, one.width, one.height, unseen)
            out += [_text(f"{ATTACHED} {one.name}:]"), picture_block(picture)]
        else:
            content = await read(one.sha256) or b"(not kept any more)"
            text = content.decode(errors="replace").strip() or "(only blanks)"
            out.append(_text(f"{ATTACHED} {one.name}:]\n{text}"))
    return out


def _text(text: str) -> ContentBlock:
    return {"type": "text", "text": text}
