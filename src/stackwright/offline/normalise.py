"""Rewrites a text into plainer words before it is parsed: one style of list, one style of choice.

Choices become one token, `<low|medium|high>`; questions become fields ("when it was bought" ->
"bought on"); shared heads are given to both ("start and end date" -> "start date and end date").
"""

import re
import unicodedata

from stackwright.offline import lexicon
from stackwright.offline.fields import is_attribute
from stackwright.offline.questions import plain_questions
from stackwright.offline.words import (
    KNOWN_FUNCTION_WORDS,
    is_plural,
    plural_word,
    respell,
    singular_word,
)

MAX_READ = 6000
"""Characters of a message that are read; people describe an application in far fewer."""

_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2013": "-",
        "\u2014": " - ",
        "\u2026": ".",
        "\u00a0": " ",
        "\t": " ",
    }
)
_BULLET = re.compile(r"^\s*(?:[-*+\u2022\u25e6\u2023]|\d{1,2}[.)]|#+)\s+")
_HEADS = "|".join(
    sorted(
        {
            re.escape(w)
            for h in lexicon.CHOICE_HEADS
            for w in (h.replace("_", " "), plural_word(h).replace("_", " "))
        },
        key=len,
        reverse=True,
    )
)
_STOP = r"(?!(?:and|or|with|for|per|of|by|where|which|that|has|have|so|plus|a|an|the|if|when|as|is|are|it)\b)"
_WORD = (
    _STOP
    + r"(?!in\b(?! (?:progress|review|stock|use|transit|repair|service|production|treatment|care|storage|season|bloom|person)))(?!on\b(?! (?:hold|loan|sale|order|track|time|leave)))[\w%€$'+-]+"
)
_ITEM = rf"{_WORD}(?: {_WORD}){{0,2}}"
_OR_LIST = rf"{_ITEM}(?:, ?{_ITEM}){{0,14}},? or {_ITEM}"
_AND_LIST = rf"{_ITEM}(?:, ?{_ITEM}){{0,14}},? (?:and|&) {_ITEM}"
_STATE = rf"(?:(?:in|on|at|off|under|out of|up for|out for|away for|with) (?:the |an? )?)?{_ITEM}(?: (?:for|by|in|at|to) (?:the )?(?!status)[a-z]+)?"
_STATES = rf"{_STATE}(?:, ?{_STATE}){{0,14}},? or {_STATE}"
_INTRO = r"(?: ?[:=]| -| (?:which |that )?(?:is|are|can be|may be|could be|must be|should be|being)(?: (?:either|one of|any of|marked as))?| either| one of| any of| of| such as| like| with (?:the )?values| \(?e\.?g\.?)"
_SLASHES = re.compile(
    rf"(?<![\w/.:])([\w'+-]+)((?: ?[/|] ?{_WORD}(?: {_WORD}){{0,2}}?){{0,11}}) ?[/|] ?([\w'+-]+)(?![\w/])",
    re.IGNORECASE,
)
_NO_CHOICES = re.compile(
    r"^(?:and/or|he/she|her/his|his/her|client/server|km/h|w/o|add/|create/|edit/|view/|date/|and|input/|i/o)",
    re.IGNORECASE,
)
_EITHER = re.compile(rf"\b(?:(?:is|are|can be|may be) )?either ({_STATES})", re.IGNORECASE)
_HEADED = re.compile(rf"\b({_HEADS}){_INTRO}? (?:the )?({_OR_LIST})", re.IGNORECASE)
_HEADED_AND = re.compile(
    rf"\b({_HEADS})(?:{_INTRO}) ({_AND_LIST})|\b((?:{_HEADS}))(?<=s) ({_AND_LIST})", re.IGNORECASE
)
_NOUN_IS = re.compile(rf"\b([\w-]+){_INTRO} ({_OR_LIST})", re.IGNORECASE)
_OWNER = re.compile(
    r"\b(?:an?|the|our|my|this) (?:[\w-]+ ){0,2}[\w-]+'s (?=([\w-]+))", re.IGNORECASE
)
_OR_NOT = re.compile(
    r"(?:(?<=, )|(?<=: )|(?<=and )|(?<=with )|(?<=each ))"
    r"([a-z-]+) or (?:not|un\1|in\1|not \1)\b"
)
_PAREN = re.compile(r"([\w-]+)\s*\(\s*([^()]{1,300})\)")


def plain(text: str) -> str:
    """The text in ASCII punctuation, one statement per line, without markup."""
    text = unicodedata.normalize("NFC", text[:MAX_READ]).translate(_QUOTES)
    text = re.sub(r"https?://\S+", " ", text)
    text = re.sub(r"[<>`{}\[\]]|[^\S\n]|\*\*|__", " ", text)
    return "".join(c for c in text if c == "\n" or c.isprintable())


def statements(text: str) -> list[str]:
    """Sentences and lines; the bullets under a line that ends with ':' become its list."""
    out: list[str] = []
    heading = False
    for raw in text.split("\n"):
        bullet = bool(_BULLET.match(raw))
        line = _BULLET.sub("", raw).strip()
        if not line:
            heading = heading and bool(out) and out[-1].endswith(":")
            continue
        if (
            bullet
            and heading
            and ":" not in line[:-1]
            and not re.search(r"\b(?:with|has|have)\b|\(", line)
        ):
            out[-1] += ("" if out[-1].endswith(":") else ",") + " " + line.rstrip(".,;")
            continue
        heading = line.endswith(":")
        out.extend(_sentences(line))
    return [s[:1500] for s in out]


def _sentences(line: str) -> list[str]:
    depth, start, found = 0, 0, list[str]()
    for place, char in enumerate(line):
        depth = max(0, depth + (char == "(") - (char == ")"))
        if depth or char not in ".;!?":
            continue
        if char == "." and not re.match(r"\s+|$", line[place + 1 :]):
            continue
        found.append(line[start:place])
        start = place + 1
    found.append(line[start:])
    return [s.strip() for s in found if s.strip()]


def rewrite(sentence: str) -> str:
    """One sentence with choices, questions and shared heads in their plain form."""
    words = sentence.split(" ")
    sentence = " ".join(_respell(w) for w in words if w)
    sentence = _OWNER.sub(lambda m: "" if is_plural(m[1].lower()) else m[0], sentence)
    sentence = _OR_NOT.sub(r"\1", plain_questions(sentence))
    return re.sub(r"\s+", " ", _enumerate(sentence)).strip()


def _respell(word: str) -> str:
    core = word.strip(".,;:()\"'")
    if (
        not core.isalpha()
        or not core.islower()
        or core in KNOWN_FUNCTION_WORDS
        or is_attribute(core)
    ):
        return word
    return word.replace(core, respell(core, lexicon.KNOWN_NOUNS))


def _enumerate(sentence: str) -> str:
    sentence = _SLASHES.sub(_from_slashes, sentence)
    sentence = _PAREN.sub(_from_parens, sentence)
    sentence = _HEADED.sub(lambda m: f"{m[1]} {_token(m[2])}", sentence)
    sentence = _EITHER.sub(lambda m: _free_choice(_token(m[1])), sentence)
    sentence = _HEADED_AND.sub(_from_and, sentence)
    return _NOUN_IS.sub(_from_noun, sentence)


def _token(listed: str) -> str:
    listed = re.sub(
        r"^(?:either|one of|any of|like|such as|the)\s+", "", listed.strip(), flags=re.IGNORECASE
    )
    items = re.split(
        r"\s*,\s*(?:or |and |& )?|\s+or\s+|\s+(?:and|&)\s+|\s*[|]\s*|\s*(?<!\d)/\s*|\s*/(?!\s*\d)\s*",
        listed,
    )
    return (
        "<"
        + "|".join(
            i.strip() for i in items if i.strip() and i.strip() not in ("etc", "etc.", "...")
        )
        + ">"
    )


def _free_choice(token: str) -> str:
    states = {"draft", "open", "closed", "pending", "new", "active", "inactive"} | lexicon.BOOLEANS
    kind = (
        "status"
        if any(
            c.lower() in states
            or c.endswith("ed")
            or re.match(r"(?:in|on|at|off|under|out|up|away) ", c)
            for c in token[1:-1].split("|")
        )
        else "type"
    )
    return f"with {kind} {token}"


def _from_slashes(found: re.Match[str]) -> str:
    if _NO_CHOICES.match(found[0]) or found[0].replace("/", "").replace(" ", "").isdigit():
        return found[0].replace("/", " / ") if not found[0].lower().startswith("and/or") else "and"
    return _token(found[0])


def _from_parens(found: re.Match[str]) -> str:
    head, inside = found[1], found[2].strip()
    if "<" in inside or len(inside) < 3:
        return found[0]
    low = head.lower()
    parts = re.split(r"\s*,\s*|\s+or\s+|\s+and\s+", inside)
    choice_head = singular_word(low) in lexicon.CHOICE_HEADS
    plain_or = " or " in inside and not any(is_attribute(p.split()[-1]) for p in parts if p)
    attributes = sum(1 for p in parts if p and is_attribute(p.split()[-1]))
    states = sum(1 for p in parts if p and p.split()[-1].lower() in lexicon.BOOLEANS)
    if len(parts) > 1 and ((choice_head and (attributes - states) * 2 <= len(parts)) or plain_or):
        return f"{head} {_token(inside)}"
    plain_word = not is_plural(low) and low not in lexicon.FIELDS_OF and low not in lexicon.PARTIES
    if (
        len(parts) > 1
        and plain_word
        and attributes * 3 <= len(parts)
        and not all(is_plural(p) for p in parts)
    ):
        return f"{head} {_token(inside)}"
    return found[0]


def _from_and(found: re.Match[str]) -> str:
    head, listed = (found[1], found[2]) if found[1] else (found[3], found[4])
    items = re.split(r"\s*,\s*|\s+and\s+|\s+&\s+", listed)
    if any(is_attribute(i.split()[-1]) for i in items if i):
        return found[0]
    return f"{head} {_token(listed)}"


def _from_noun(found: re.Match[str]) -> str:
    head = found[1]
    if is_attribute(head) or singular_word(head.lower()) in lexicon.CHOICE_HEADS:
        return f"{head} {_token(found[2])}"
    if re.search(r"\b(?:is|are|can be|must be|should be|may be|could be)\b", found[0]):
        free = _free_choice(_token(found[2]))
        return free if head.lower() in lexicon.USERS | {"that", "which"} else f"{head} {free}"
    return found[0]
