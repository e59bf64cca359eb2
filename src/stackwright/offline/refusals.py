"""Messages that describe no application: what is said, with an example made of the person's own words."""

import re
from typing import Final

from stackwright.core.message_words import content_words
from stackwright.offline import lexicon
from stackwright.offline.languages import ANSWERS, foreign_language, is_plain_list
from stackwright.offline.nouns import TELLING, is_adverb
from stackwright.offline.verbs import KNOWN, lemma
from stackwright.offline.words import is_plural, singular_word, word_set


class NotAnApplication(Exception):
    """The text describes no records to keep. `reason` is a sentence for the person who wrote it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_OTHER_REQUESTS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), answer)
    for pattern, answer in (
        (r"^(?:hi|hello|hey|yo|good (?:morning|evening|day)|thanks|thank you|test|ping|ok|okay|yes|no|help)\b[^a-z]*(?:there|you|again|everyone|all|so much|me)?[^a-z]*$", "Hello! I build record-keeping applications."),
        (r"\b(?:system prompt|your (?:instructions|prompt|rules|secrets?|api keys?|configuration)|ignore (?:all |any |the |your )*(?:previous|prior|above|earlier)|rm -rf|\bhack (?:into|my|the|a)\b)|^(?:delete|drop|erase|wipe) (?:all|every|the)\b", "I cannot show how I work, use keys or run commands; I build record-keeping applications."),
        (r"^(?:what|what's|why|how|who|when|where|which|is|are|does|do|did|am|was|were)\b.*\?\s*$|^(?:what|what's|why|how do|how can|how does|how to|who is|who are|when (?:is|was|will)|where is|where can)\b|^(?:can|could|do|will) you (?:explain|tell|help|answer|speak|understand|play|sing)\b", "Without a model key I cannot answer questions; I build record-keeping applications."),
        (r"^(?:please\s+)?(?:can you |could you )?(?:fix|debug|refactor|explain|review|optimi[sz]e|rewrite|deploy|run|compile)\b.{0,30}\b(?:bug|code|line|function|error|test|tests|script|server|crash|traceback|deployment)\b", "Working on existing code needs a model key."),
        (r"^(?:please\s+)?(?:write|tell|sing|draw|compose|translate|summari[sz]e|paint|calculate|solve)\b(?!.*:.+,)(?!.{0,40}\b(?:app|application|tool|system|tracker|software|program|website)\b)", "This needs a model key; without one I build record-keeping applications."),
        (r"^(?:please\s+)?(?:play|order|book|buy|call|fix|repair|cook|surprise|entertain|teach) (?:me\b|us\b|my\b|a\b|chess|music|something|with)", "I cannot do that; I build record-keeping applications."),
    )
)  # fmt: skip
_VAGUE: Final = word_set(
    "cool nice good better fast simple great fun awesome something anything help bored tomorrow today"
    " app application website tool game system program software"
)


def refuse_other_requests(text: str) -> None:
    """Raise for a message that plainly asks for something else than an application."""
    flat = " ".join(text.split()).strip()
    if not re.search(r"[^\W\d_]{2}", flat):
        raise NotAnApplication(f"There is no description in this message. {how(flat)}")
    for pattern, answer in _OTHER_REQUESTS:
        if pattern.search(flat):
            raise NotAnApplication(f"{answer} {how(flat)}")
    language = foreign_language(flat)
    if language and not (is_plain_list(text) and language not in _UNREADABLE):
        raise NotAnApplication(ANSWERS[language])


_UNREADABLE = frozenset({"ru", "zh", "ja", "ko", "ar", "hi"})
"""Names of fields are made of Latin letters."""


def no_records(text: str) -> NotAnApplication:
    """For a message in which no form found a record."""
    return NotAnApplication(f"I found no records to keep in this text. {how(text)}")


def how(text: str) -> str:
    """How to describe an application, by an example about the last things, or else thing, that the message names."""
    nouns = [word for word in content_words(text)[:40] if _names_thing(word)]
    noun = next((w for w in reversed(nouns) if is_plural(w.lower())), nouns[-1] if nouns else "")
    if not noun:
        return 'Describe the records to keep, for example "a library with books, authors and loans with due dates".'
    about = singular_word(noun.lower())
    article = "an" if about[0] in "aeiou" else "a"
    return f'Describe the records to keep, for example "{article} {about} list: name, date, status (open, done) and notes".'


def _names_thing(word: str) -> bool:
    low = word.lower()
    known = TELLING | _VAGUE | lexicon.ADJECTIVES | lexicon.TECHNOLOGY | lexicon.CONTAINERS
    is_plain = low.isascii() and low.isalpha() and 2 < len(low) < 20
    return is_plain and low not in known and lemma(low) not in KNOWN and not is_adverb(low)
