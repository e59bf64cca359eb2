"""Plain statements out of a message: one style of punctuation, of list and of choice, known spelling."""

import re
import unicodedata

from stackwright.core.message_words import without_courtesies
from stackwright.offline.choices import mark_choices
from stackwright.offline.questions import plain_pairs, plain_question
from stackwright.offline.words import is_plural, plural, singular_word

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
        "\u2264": " at most ",
        "\u2265": " at least ",
        "\u00a0": " ",
        "\t": " ",
    }
)
_BULLET = re.compile(r"^\s*(?:[-*+\u2022\u25e6\u2023]|\d{1,2}[.)]|#+)\s+")
_ABBREVIATION = re.compile(r"(?:\b(?:approx|incl|excl|max|min|st|mr|mrs|ms|dr|prof|etc|e\.g|i\.e|vs|tel)|^\w)$", re.IGNORECASE)  # fmt: skip
_OWNER = re.compile(
    r"\b(?!this (?:week|month|year)'s)(?:an?|the|our|my|this) (?:[\w-]+ ){0,2}[\w-]+'s (?=([\w-]+))",
    re.IGNORECASE,
)


_LIST_TO_ITS_END = re.compile(
    r"(?!(?:please |hi |hello )?(?:can|could|would|will|is|are|do|does|may)\b)[^:]*: .*,",
    re.IGNORECASE,
)
"""The mark of 'Dreams: title, lucid?' belongs to the last item."""
_FIELDS_TO_THEIR_END = re.compile(
    r"(?!(?:please |hi |hello |and |so )?(?:can|could|would|will|is|are|do|does|did|may|shall|should|has|have|who|what|when|where|why|how|which)\b)(?=[^?]{0,400}\b(?:with|has|have|includ(?:es?|ing)) )[^?]{0,600}(?:,| and) (?!(?:can|could|is|are|do|does|would|what|how|who)\b)[a-z' -]{3,40}$",
    re.IGNORECASE,
)
"""So does that of 'a hire has an address and deposit paid?'."""
_WITH = re.compile(r"(?<!\S)w/(o)?(?: |(?=[a-z]))", re.IGNORECASE)
"""'appointments w/ client' is no choice."""
_FULL = {"d": "would", "ll": "will", "m": "am", "re": "are", "ve": "have"}
_CONTRACTED = re.compile(r"\b(i|we|they|you)'(d|ll|m|re|ve)\b", re.IGNORECASE)


_OPENING = re.compile(r"(^|[.!?]\s+)(?:(?:so|ok(?:ay)?|well|right|anyway|basically|in short) ?[:,]|(?:quick(?: one)?|simple|small|short|easy|request|wish|idea|app idea|goal|new app|brief|summary|project) ?:) +", re.IGNORECASE | re.MULTILINE)  # fmt: skip
"""'So: spots (name, town)' begins with the spots."""
_HEAD = re.compile(r"^[ \t]*([A-Z][\w-]*(?: [\w-]+){0,2}) ?(?:-?>|=>|\u2192|\u00bb) ?(?=[\w(][^\n]*,)", re.MULTILINE)  # fmt: skip
"""'Customer > name, phone' is a list of fields."""
_OWNED = re.compile(
    r"\b([A-Z]\w+s) (?:i|we) (?:have|own|keep)(?: [\w-]+){0,2}(?: of)?:", re.IGNORECASE
)
"""'Telescopes I have three of: name, aperture'."""
_KINDS_LISTED = re.compile(r"(?<=[:;] )[a-z]*[a-rt-z](?= with [^;:.\n]{3,300}(?:[;.\n]|$))")
"""'Training: plan with week, day; log with date' lists plans and logs."""
_SO_THAT = re.compile(
    r",? so that (?=(?:i|we|they|you|people|everybody|everyone)\b)", re.IGNORECASE
)
"""Why somebody wants something is no part of it."""
_NUMBER = re.compile(
    r"(?<![.!?]\s)(?<!or )(?<!or a )(?<!/)(?<!/ )(?<!, )\bno\.(?=[ \t]*(?:[,;(\n]|$))",
    re.IGNORECASE,
)
_BRACKETS = str.maketrans("[]", "()")


_FIELDS_FIRST = re.compile(
    r"(?:\A|\n)[ \t]*(?:fields|columns) ?:(?P<list>[^.\n]+)\.?\s+(?P<said>(?:this|it)(?:'s| is) (?:all )?(?:for|about) (?:the|our|my|all)(?: our| my)? (?P<kind>(?:[a-z]+ )?[a-z]+s))(?=[.\n]|$)",
    re.IGNORECASE,
)
"""'Fields: plate, model. This is for the company cars': the cars have these fields."""
_FIELDS_BELOW = re.compile(r"(?:\A|\n)[ \t]*(?P<kind>[A-Z][a-z]+(?: [a-z]+)?)[ \t]*:?\n+[ \t]*(?:fields|columns) ?:", re.IGNORECASE)  # fmt: skip
_SECTION = re.compile(r"^[ \t]*(?:rules|views|reports|permissions|rights|roles|import|export|extras|notes|other|pages|screens|dashboards?|charts|lists|reminders) ?: ?(?=[A-Z][a-z]*\b[^,\n]{2,}(?:[.\n]|$)|[A-Z]\w+ (?:is|must|can|of)\b|we |only )", re.IGNORECASE | re.MULTILINE)  # fmt: skip
"""'Rules: licence plate is unique.' says what follows, and names no record."""
_TWICE_SAID = re.compile(r"\b((?:the|a|an|each|every) [a-z]+) (?:he|she) (?=has\b)", re.IGNORECASE)  # fmt: skip
"""'The student he has name, phone'."""
_WE_HAVE_SOME = re.compile(r"\b([A-Z]\w+s) (?:we|i) have (?:two|three|four|five|six|\d{1,3}|many|some|several),? with\b", re.IGNORECASE)  # fmt: skip


def _heading_of(found: re.Match[str]) -> str:
    kind = found["kind"]
    return f"\n{kind if is_plural(kind.split()[-1].lower()) else plural(kind)}:"


_TITLE_ABROAD = re.compile(r"\A[ \t]*[A-Z]\w{5,40}: (?=[A-Z]\w+ (?:mit|avec|con|met) [A-Z])")
"""'Immobilienverwaltung: Objekte mit Adresse' begins with a title."""


def _with_kind(found: re.Match[str]) -> str:
    return f"{found['kind'][0].upper()}{found['kind'][1:]}:{found['list']}"


def plain(text: str) -> str:
    """The text in ASCII punctuation, one statement per line, without markup."""
    text = without_courtesies(text[:MAX_READ])
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    text = _TITLE_ABROAD.sub("", text)
    text = _WE_HAVE_SOME.sub(r"\1 with", _TWICE_SAID.sub(r"\1 ", _SECTION.sub("", text)))
    text = _FIELDS_BELOW.sub(_heading_of, _FIELDS_FIRST.sub(_with_kind, text))
    text = _HEAD.sub(r"\1: ", _OPENING.sub(r"\1", text))
    if len(_KINDS_LISTED.findall(text)) > 1:
        text = _KINDS_LISTED.sub(lambda m: plural(m[0]), text)
    text = _SO_THAT.sub(". So that ", text)
    text = _NUMBER.sub("number", _OWNED.sub(r"\1:", text))
    text = re.sub(r"\[[ x]?\]", " ", text, flags=re.IGNORECASE).translate(_BRACKETS)
    text = re.sub(r"(?<=\w) ?-?> ?(?=\w)", "/", text)
    text = re.sub(r"\s[:;]-?[)D](?=\s|$)", ".", text)
    text = re.sub(r"https?://\S+", " ", text)
    text = re.sub(r"[<>`{}\[\]]|[^\S\n]|\*\*|__", " ", text)
    return "".join(c for c in text if c == "\n" or c.isprintable())


def statements(text: str) -> list[str]:
    """Sentences and lines; the bullets under a line that ends with ':' become its list."""
    out: list[str] = []
    heading = is_listed = False
    for raw in text.split("\n"):
        bullet = bool(_BULLET.match(raw))
        line = _BULLET.sub("", raw).strip()
        if not line:
            heading = heading and bool(out) and out[-1].endswith(":")
            continue
        if bullet and heading and _is_item(line):
            joint = _JOINTS.get(out[-1][-1], ", " if is_listed else ": ")
            out[-1] += joint + re.sub(r": (?=\w[\w -]*/)", " ", line).rstrip(".,;")
            is_listed = True
            continue
        is_listed = False
        heading = line.endswith(":") or (not bullet and _HEADING.fullmatch(line) is not None)
        out.extend(_sentences(line))
    return [s[:1500] for s in out]


_JOINTS = {":": " "}
_HEADING = re.compile(r"[A-Z][\w-]+(?: [\w-]+){0,2}")
"""'Gym members' over a list of bullets."""
_NO_ITEM = re.compile(
    r"\b(?:with|has|have)\b|\([^()]*,|[.!]$|:(?!$)(?! [\w -]+(?: ?/ ?[\w -]+)+$)", re.IGNORECASE
)


def _is_item(line: str) -> bool:
    """Whether a bullet is a name, with choices at most, and no statement of its own."""
    return _NO_ITEM.search(line) is None


def _sentences(line: str) -> list[str]:
    depth, start, found = 0, 0, list[str]()
    for place, char in enumerate(line):
        depth = max(0, depth + (char == "(") - (char == ")"))
        if depth or char not in ".;!?":
            continue
        if char == "." and not re.match(r"\s+|$", line[place + 1 :]):
            continue
        if char == "?" and re.match(r"\s*[,)]", line[place + 1 :]):
            continue
        said = line[start:place].strip()
        of_list = char == "?" and (_LIST_TO_ITS_END.match(said) or _FIELDS_TO_THEIR_END.match(said))
        if char == "." and _abbreviates(line, place) and line[place + 1 :].strip():
            continue
        found.append(line[start : place + (char == ";" or bool(of_list))])
        start = place + 1
    found.append(line[start:])
    return [s.strip() for s in found if s.strip()]


def _abbreviates(line: str, place: int) -> bool:
    """Whether the full stop here belongs to a short form: 'max. 12', but not '45 min. A vet …'."""
    if _SENTENCE.match(line[place + 1 :]) and _UNIT_OR_ETC.search(line[max(0, place - 12) : place]):
        return False
    return _ABBREVIATION.search(line[:place]) is not None


_UNIT_OR_ETC = re.compile(r"(?:\d ?min|\betc)$", re.IGNORECASE)
_SENTENCE = re.compile(r"\s+[A-Z]\w* ")
_SHALL = re.compile(r"\bshall\b", re.IGNORECASE)
_THE_SYSTEM = re.compile(
    r"^the (?:application|system|app|software|tool|platform|program(?:me)?) (?:must|should|will|needs to|has to|can) (?=(?:record|store|keep|track|manage|register|log|hold|maintain)\b)",
    re.IGNORECASE,
)
"""'The application shall record contracts'."""
_AS_A = re.compile(r"^as an? [\w -]{2,30},? i (want|need|would like)\b", re.IGNORECASE)
"""'As a user I want to store recipes'."""
_TABLE = re.compile(r"^(?:table|entity|model|record|resource)s? (?:called |named )?'?([a-z][\w -]{1,30})'?(?= ?:)", re.IGNORECASE)  # fmt: skip
"""'Table "employees": name, salary'."""
_ONE_OR_MORE = re.compile(r"\b(?:zero|one|two|0|1|2) or (?:more|several|many) ", re.IGNORECASE)
_ALIKE = re.compile(
    r"((?:,|,? and|;)) (?:of|about) (?=(?:the|my|our|all)(?: our| my)? [a-z][\w -]{1,40}s ?(?::|\(|with\b))",
    re.IGNORECASE,
)
"""'Keep track of my parcels (name) and of the harvests: …' lists both."""


_ONE_OF_OURS = re.compile(
    r"(?<!is )\bone of (?:our|the|my|their)(?: (?:two|three|four|five|six|seven|eight|nine|ten|\d{1,4}))? ([a-z]+s)\b(?! ?:)",
    re.IGNORECASE,
)
"""'Members can book one of our two boats': a boat."""


def clause_of(statement: str) -> str:
    """A statement in full words, and each list of choices as one token."""
    statement = _WITH.sub(lambda m: "without " if m[1] else "with ", statement)
    words = _CONTRACTED.sub(lambda m: f"{m[1]} {_FULL[m[2].lower()]}", " ".join(statement.split()))
    words = re.sub(r"(\w) - (\w[^-:()<>]*(?:,| or )[^-:()<>]*\w) -,? (?=and\b)", r"\1 (\2) ", words)
    words = re.sub(r"^([^:(<,]*\w) - ", r"\1: ", words)
    words = re.sub(
        r"\b(it|he|she)'s (?=[a-z]+ed\b|(?:kept|held|in|on|at|for|made|lent|sold|an?|the)\b)",
        r"\1 is ",
        words,
        flags=re.IGNORECASE,
    )
    words = re.sub(r"\b(\w+)'s got\b", r"\1 has", words, flags=re.IGNORECASE)
    words = re.sub(r"\bthere's\b", "there is", words, flags=re.IGNORECASE)
    words = re.sub(r",? please(?=\s*[:,.]|$)", "", words, flags=re.IGNORECASE)
    words = re.sub(
        r"^([a-z]+) = (?=[^*/()]*\+[^*/()]*\+|[^*/()+]*,)",
        lambda m: f"{plural(m[1])}: ",
        words,
        flags=re.IGNORECASE,
    )
    words = re.sub(r",? - (?=\w)", ", ", words)
    words = _THE_SYSTEM.sub("I want to ", _SHALL.sub("must", _AS_A.sub(r"I \1", words)))
    words = _TABLE.sub(r"\1", words)
    words = _ONE_OR_MORE.sub("several ", words)
    words = re.sub(r" every \d{1,3} (?:days|weeks|months|years)(?=:)", "", words)
    words = _ALIKE.sub(r"\1 ", words)
    words = _ONE_OF_OURS.sub(lambda m: f"a {singular_word(m[1])}", words)
    words = _OWNER.sub(lambda m: "" if is_plural(m[1].lower()) else m[0], words)
    return re.sub(r"\s+", " ", mark_choices(plain_pairs(words))).strip()


def rewrite(sentence: str) -> str:
    """A follow-up in plain words: choices as tokens, questions as the fields that answer them."""
    return re.sub(r"\s+", " ", plain_question(clause_of(sentence))).strip()
