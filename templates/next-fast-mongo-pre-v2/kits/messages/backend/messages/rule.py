"""One kind of mail that is sent by itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class MailRule:
    """`name` is unique and stays; `entity` is the collection, all others are stored keys.

    `to` is the field with the address, of the record or, with `via`, of the one it refers to in `target`.
    """

    name: str
    entity: str
    label: str
    when: Literal["before", "becomes", "added"]
    to: str
    via: str = ""
    target: str = ""
    field: str = ""
    hours: int = 0
    value: str = ""
    subject: str = ""
    text: str = ""
