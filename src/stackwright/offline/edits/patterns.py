"""Parts of the wordings of follow-ups, in which every name is a token (see `mentions`)."""

import re
from collections.abc import Callable
from typing import Final

from stackwright.offline.edits.session import Said

Form = tuple[re.Pattern[str], Callable[[Said], bool]]
"""A wording and what it does; False when the words are about something else after all."""

_JOINT: Final = r"(?:, and |, or |, | and | or | & | plus | as well as | nor )"


def names(group: str, letters: str = "ef") -> str:
    """One or more tokens: '@f0, @f1 and @f2'."""
    return rf"(?P<{group}>@[{letters}]\d+(?:{_JOINT}@[{letters}]\d+)*)"


def one(group: str, letters: str = "ef") -> str:
    return rf"(?P<{group}>@[{letters}]\d+)"


F: Final = names("f")
KIND: Final = names("e", "e")
FOR_KIND: Final = r"(?: (?:of|in|on|for|from|at|by) @e\d+)?"
"""'Make @f0 required for @e1': whose field it is, said later."""
MODAL: Final = (
    r"(?P<modal>(?:should|must|can|may|could|might|will|would|is|are|was|were|need|needs|has|have|had|do|does|did|shall|ought|get|gets|stays?|remains?|becomes?)"
    r"(?: (?:to|not|be|been|always|also|now|only|have|has|need|needs|never|really|ever|already|strictly|allowed|able|supposed|meant|just|still|go|lie|stay|get|become|fall|drop)){0,7})"
)
"""What is asked of something; `is_not` says whether it is asked or forbidden."""
MAKE: Final = (
    r"(?:make|mark|set|turn|keep|have|leave|change|switch|declare|define|treat|convert|let)"
)
DROP: Final = (
    r"(?:remove|delete|drop|undo|revert|get rid of|take away|take out|take off|eliminate|scrap|ditch|kill|lose|cut|erase|discard|throw away|throw out"
    r"|kick out|leave out|leave off|omit|strip out|forget(?: about)?|cancel|clear out|dump|do without|stop (?:using|asking for|tracking|recording|keeping|storing|having|with)"
    r"|(?:i|we|you|they) (?:do not|will not|no more) (?:really |actually |even )?(?:need|want|use|like|keep|track|care about)(?: to (?:track|keep|see|record|store|have))?)"
)
ADD: Final = r"(?:add|include|introduce|create|append|insert|put|allow|offer|support|accept)"
SHOWN: Final = r"(?:show|display|list|see|include|put|view|have)"
WORDS: Final = r"\"?[^\"]{1,60}\"?"
_NUMBERS: Final = {name: n for n, name in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])} | {"twenty": 20, "fifty": 50, "hundred": 100, "a hundred": 100, "thousand": 1000, "a thousand": 1000}  # fmt: skip


def number(group: str) -> str:
    """'3', '2,000', '$5.50', '25 years', 'ten'."""
    known = "|".join(sorted(_NUMBERS, key=len, reverse=True))
    return (
        rf"(?:[$\u20ac\u00a3] ?)?(?P<{group}>-?\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|-?\d{{1,12}}(?:\.\d{{1,4}})?|{known})"
        r"(?: ?(?:%|\u20ac|[a-z]{1,12}|@f\d+)(?: (?:old|long|each))?)?"
    )


def number_of(text: str) -> float:
    low = text.lower().strip()
    return float(_NUMBERS[low]) if low in _NUMBERS else float(low.replace(",", ""))


def is_not(said: Said, group: str = "modal") -> bool:
    return re.search(r"\b(?:not|never|no)\b", said.match[group] or "", re.IGNORECASE) is not None


def form(pattern: str, act: Callable[[Said], bool]) -> Form:
    return re.compile(rf"^(?:{pattern})$", re.IGNORECASE), act
