"""Lists of choices in a clause, each as one token: "status: open, done or late" -> "status <open|done|late>".

A token has no comma and no "or", so that the clause can be split into its items afterwards.
Yes/no is a choice of two like any other; `fields.read_field` makes a yes-or-no field of it.
"""

import re

from stackwright.offline import lexicon
from stackwright.offline.field_types import DAYS_OR_STATES, infer, is_attribute
from stackwright.offline.fields import is_hint
from stackwright.offline.words import is_plural, plural_word, singular_word, snake, word_set

_NO_ITEM = r"(?!(?-i:and|or|with|for|per|of|by|in|on|at|from|to|where|which|that|has|have|so|a|an|the|if|when|as|is|are|it|each|every|can|i|we)\b)"
_WORD = rf"{_NO_ITEM}[\w%€$£'+.°-]+"
_ITEM = rf"(?:(?:in|on|at|off|under|out of|up for|out for|away for|waiting for|ready for|sent to|back from|for|by) )?{_WORD}(?: {_WORD}){{0,2}}(?: (?:in|out|off|up|on)(?= *(?:[,;.)]|$|or\b|and\b)))?"
_OR_LIST = rf"{_ITEM}(?:, ?{_ITEM}){{0,14}},? or {_ITEM}"
_AND_LIST = rf"{_ITEM}(?:, ?{_ITEM}){{0,14}},? (?:and|&|or) {_ITEM}"
_COMMA_LIST = rf"{_ITEM}(?:, ?{_ITEM}){{1,14}}(?:,? (?:and|&|or) {_ITEM})?"
_HEADS = "|".join(
    sorted(
        {re.escape(form) for h in lexicon.CHOICE_HEADS for form in (h.replace("_", " "), plural_word(h).replace("_", " "))},
        key=len,
        reverse=True,
    )
)  # fmt: skip
_IS_ONE = r"(?:which |that )?(?:(?:can|may|could|must|should) (?:also )?be|is|are|being)(?: (?:either|one of|any of|marked as))?"
_NAMED = re.compile(
    rf"\b([\w-]+) (?:{_IS_ONE}|either|one of|(?:is |are )?(?:in|with) (?:the )?(?:stages?|values?|steps?):?) (?:the )?({_OR_LIST})",
    re.IGNORECASE,
)
_PLACED = rf"(?:(?:in|on|at|off|under|out of|up for|out for|away for|with|waiting for|ready for) (?:the |an? )?)?{_WORD}(?: {_WORD}){{0,2}}"
_STATE = re.compile(
    rf"(?P<joint>,? ?\b(?:and|that|which|who|it|they|each one)\b)? *\b(?:is|are|can be|may be)(?: (?:either|marked as))? (?P<list>{_PLACED}(?:, ?{_PLACED}){{0,14}},? or {_PLACED})",
    re.IGNORECASE,
)
"""'… and is either on display or in storage': a status, whatever stands before it."""
_STAGES = re.compile(rf"\b(?:(?:go|goes|move|moves|pass|passes|run|runs) )?(?:in|through) (?:the |these |the following )?(stages?|phases?|steps?):? ({_COMMA_LIST})(?=[;.]|$)", re.IGNORECASE)  # fmt: skip
_ONE_OF = re.compile(rf"\b(?:the )?([\w-]+)(?: of (?:an?|the|each|every) ([\w-]+))? (?:is|can be|must be) one of:? ({_COMMA_LIST})(?=[;.]|$)", re.IGNORECASE)  # fmt: skip
_SET_TO = re.compile(
    rf"\bsets? (?:(?:the|its|their) ({_HEADS})|it|them) to ({_OR_LIST})(?=$| and\b)", re.IGNORECASE
)
"""'The caretaker sets the status to open or fixed'."""
_LANE = rf"(?!drag){_ITEM}"
_LANES = rf"{_LANE}(?:, ?{_LANE}){{0,14}}(?:,? (?:and|&|or) {_LANE})?"
_COLUMNS = re.compile(
    rf"(\b(?:kanban|board)\b[^,:;]*?)(?:with|having|has|and) (?:the |these )?(?:(?:three|four|five|\d) )?(?:columns|lanes|stages):? ({_LANES})"
    r"(?=[;.]|$|,? (?:and )?(?:an?|the|drag\w*|with|where|which|that|it|each|no|at most|max\w*)\b)",
    re.IGNORECASE,
)
"""'A kanban board with columns todo, doing, done': what stands on it has such a status."""
_BARE = rf"{_WORD}(?: {_WORD}){{0,2}}"
_HEADED = re.compile(
    rf"\b({_HEADS})(?:(?: ?[:=]| of| like| such as| -|,? (?:which|that) is| is) (?:the )?({_OR_LIST})| ({_BARE}(?:, ?{_BARE}){{0,14}},? or {_BARE}))",
    re.IGNORECASE,
)
_HEADED_AND = re.compile(rf"\b({_HEADS})(?: ?[:=]| such as| like) ({_AND_LIST})", re.IGNORECASE)
_TAIL = re.compile(
    rf"(?:(?<=[\w)>,;] )|(?<=\())((?:[\w-]+ )?(?:{_HEADS}|group|party|office|side|kind)): ({_COMMA_LIST})(?= *(?:[;).]|$))",
    re.IGNORECASE,
)
"""'… and a status: planned, running, graded': a colon behind the last field, up to the end."""
_LAST_STAGE = re.compile(rf"(?<=and )((?:status|state|stage|phase))(?: (?:is|are|can be|may be|could be|goes))? ({_ITEM}(?:, ?{_ITEM}){{2,14}})(?= *(?:[;.)]|$))", re.IGNORECASE)  # fmt: skip
"""'… and stage idea, draft, published' is the last field too."""
_PART = r"[\w'-]+(?: (?!(?:and|or|with)\b)[\w'-]+){0,3}"
_SPACED = re.compile(rf"\b({_HEADS}):? ({_PART}(?: ?/ ?{_PART}){{1,9}})(?= *(?:[,;.)]|$))", re.IGNORECASE)  # fmt: skip
_COLON_OR = re.compile(rf"(?<=[\w,(] )([\w-]+)(?: ?:|,? such as) ({_OR_LIST})", re.IGNORECASE)
_SLASHED = rf"(?:(?:in|on|at|under|out of) )?{_WORD}(?: {_WORD}){{0,2}}?"
_SLASHES = re.compile(
    rf"(?<![\w/.:<])({_WORD})((?: ?[/|] ?{_SLASHED}){{0,11}}) ?[/|] ?((?:(?:in|on|at|under|out of) )?{_WORD})(?![\w/>])",
    re.IGNORECASE,
)
_PAREN = re.compile(r"([\w-]+)\s*\(\s*([^()]{1,300})\)")
_OF_ONE = re.compile(r"s (?:of|per|for|in|on) (?:(?:an?|each|every|the) )?$")
"""'questions of a category (text, answer)': the brackets tell of the questions."""
_HEAD_OF = re.compile(
    rf"\b((?:{_HEADS}|mood) of (?:the |an? |our |my )[\w-]+)\s*\(([^():]{{1,300}},[^():]{{1,300}})\)",
    re.IGNORECASE,
)
"""'mood of the bees (calm, nervous)': the choices are of the mood."""
_NO_LIST = re.compile(r"[<;:]|,.*,.* or not$")
_HINT = re.compile(
    r"^(?:in |(?:optional|required|unique|mandatory|max|min)\b|up to|at least|from \d|between |\d+ ?(?:-|to) ?\d+$)|\b(?:decimals?|digits?)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    rf"\bwhether (?:it|they)(?:'s|'re| is| are| was| were) (?!.{{1,60}}\bor not\b)({_OR_LIST})(?= *(?:[,;.)]|$|and\b))",
    re.IGNORECASE,
)
"""'whether it is bought, rented or made'."""
_IN_BRACKETS = re.compile(r"\(([^()/,<>]{1,40}(?: ?/ ?[^()/,<>]{1,40}){2,9})\)")
_YES_NO = re.compile(r"(?<![/|])\b(?:yes(?: |/|, ?| ?\| ?)(?:or )?no|true(?: or |/)false|y/n)\b(?! or\b|/|, \w)", re.IGNORECASE)  # fmt: skip
_FLAG = re.compile(r"^(?:an? |the )?(?:(.+?) (?:flag|checkbox|check box|tick ?box|tick|toggle)|(?:flag|checkbox|check box|tick ?box|toggle) (?:for |whether |if |as )?(.+))$", re.IGNORECASE)  # fmt: skip
_OR_NOT = re.compile(r"^(?:is |are |whether |if )?(?:it |they )?(?:is |are |was )?([a-z][a-z -]*?) or (?:not(?: \1)?|(?:un|in|not )(?:-)?\1)$", re.IGNORECASE)  # fmt: skip
_TWO = re.compile(r"^(?:an? |the |its )?(?:([\w -]+?) )?([\w'%€$-]+) or (?:an? |by |in )?([\w'%€$-]+)$", re.IGNORECASE)  # fmt: skip
_TWO_OF = re.compile(r"^(before|after|with|without) (?:or) (before|after|with|without) (?:the |a |an )?([\w -]+)$", re.IGNORECASE)  # fmt: skip
_KINDS_OF = re.compile(r"^(?:an? |the |its )?([\w-]+) or ([\w-]+) ([a-z]+)$", re.IGNORECASE)
"""'fresh or salt water'."""
_NO_CHOICES = re.compile(
    r"^(?:and/or|he/she|she/he|her/his|his/her|client/server|w/o|add/|create/|edit/|view/|date/|input/|i/o)|(?-i:/(?:h|l|s|min|m2|m3|kg|km|ml|100)$)",
    re.IGNORECASE,
)
_OF_VERB = {"sing": "voice", "play": "instrument", "speak": "language"}
_SINGS = re.compile(rf"(?:,? and|,) (sing|play|speak)s? ({_OR_LIST})(?=[;.]|$)", re.IGNORECASE)
"""'Singers have a name and sing soprano, alto, tenor or bass'."""
_COUNTED_UP = re.compile(r"(?<=[a-z] )\d(?:/\d){1,7}(?![\w/])")
_NUMBERS_OF = re.compile(r"(?<![\d/])\d{1,3}(?:/\d{1,3}){2,6} (?:min|h|hours|minutes|days|weeks|cm|ml)\b", re.IGNORECASE)  # fmt: skip
"""'duration 15/30/45 min'."""
_STATES = word_set("draft open closed pending new active inactive home away")


def mark_choices(clause: str) -> str:
    """The clause with each list of choices as one token."""
    clause = _IN_BRACKETS.sub(lambda m: _token(m[1]), clause)
    clause = _WHETHER.sub(lambda m: f"status {_token(m[1])}", clause)
    parts = re.split(r"(<[^<>]*>)", clause)
    clause = "".join(p if p.startswith("<") else _YES_NO.sub("<yes|no>", p) for p in parts)
    clause = _SPACED.sub(lambda m: f"{m[1]} {_token(m[2])}", clause)
    clause = _SINGS.sub(lambda m: f", {_OF_VERB[m[1].lower()]} {_token(m[2])}", clause)
    clause = _COUNTED_UP.sub(_from_counted, clause)
    clause = _NUMBERS_OF.sub(_from_measures, clause)
    parts = re.split(r"(<[^<>]*>)", clause)
    clause = "".join(p if p.startswith("<") else _SLASHES.sub(_from_slashes, p) for p in parts)
    if board := _COLUMNS.search(clause):
        listed = f"{board[1]}with status {_token(board[2])}"
        clause = f"{clause[: board.start()]}{listed}{clause[board.end() :]}"
    clause = _HEAD_OF.sub(lambda m: f"{m[1]} {_token(m[2])}", clause)
    clause = re.sub(r"\((<[^<>]*>)\)", r"\1", _PAREN.sub(_from_parens, clause))
    clause = _ONE_OF.sub(_from_one_of, clause)
    clause = _SET_TO.sub(lambda m: f"; it has {m[1] or 'status'} {_token(m[2])}", clause)
    clause = _STAGES.sub(lambda m: f"with {singular_word(m[1].lower())} {_token(m[2])},", clause)
    clause = _LAST_STAGE.sub(_from_tail, _TAIL.sub(_from_tail, clause))
    clause = _STATE.sub(_from_state, clause)
    clause = _NAMED.sub(_from_named, clause)
    clause = _HEADED.sub(_from_headed, clause)
    clause = _HEADED_AND.sub(_from_headed, clause)
    return _COLON_OR.sub(_from_headed, clause)


def choose_item(item: str) -> str:
    """One item of a list: 'lent or not', 'urgent flag', 'home or away', 'arm left or right'."""
    text = item.strip()
    if "<" not in text and (found := _FLAG.match(text)):
        name = re.sub(r"\s*\(boolean\)$", "", found[1] or found[2])
        return f"{name} <yes|no>"
    if re.fullmatch(r"<(?!yes\|no>)[^<>]*>", text):
        return f"status {text}"
    if "<" in text or "(" in text:
        return text
    if found := _OR_NOT.match(text):
        return f"{found[1]} <yes|no>"
    if found := _TWO_OF.match(text):
        return f"{found[1]} or {found[2]} {found[3]} <{found[1]}|{found[2]}>"
    if (found := _KINDS_OF.match(text)) and not any(map(_is_detail, found.groups()[:2])):
        return f"{found[3]} <{found[1]}|{found[2]}>"
    found = _TWO.match(text)
    if found is None or any(_is_detail(w) and not is_plural(w.lower()) and w.lower() not in ("copy", "day", "night", "evening") for w in found.groups()[1:]):  # fmt: skip
        return text
    head, one, other = found[1], found[2], found[3]
    head = re.sub(r"\s+(?:in|by|with|is|as|at)$", "", head) if head else f"{one} or {other}"
    return f"{head} <{one}|{other}>"


def _from_one_of(found: re.Match[str]) -> str:
    """'The result of a match is one of: 1-0, 0-1, draw'."""
    field = f"{found[1]} {_token(found[3])}"
    return f"each {found[2]} has {field}" if found[2] else field


def _token(listed: str) -> str:
    listed = re.sub(r"^(?:either|one of|any of|like|such as|the)\s+", "", listed.strip(), flags=re.IGNORECASE)  # fmt: skip
    items = re.split(
        r"\s*,\s*(?:or |and |& )?|\s+or\s+|\s+(?:and|&)\s+|\s*[|]\s*|\s*(?<!\d)/\s*|\s*/(?!\s*\d)\s*|(?<=\d-\d)/(?=\d-\d)", listed
    )  # fmt: skip
    kept = [i.strip() for i in items if i.strip() and i.strip() not in ("etc", "etc.", "...")]
    if kept and all(i.isdigit() for i in kept[:-1]) and re.fullmatch(r"\d+ [a-z]+", kept[-1]):
        kept = [f"{i} {kept[-1].split()[1]}" for i in kept[:-1]] + kept[-1:]
    return "<" + "|".join(kept) + ">"


def _from_measures(found: re.Match[str]) -> str:
    numbers, unit = found[0].rsplit(" ", 1)
    return f"<{'|'.join(f'{one} {unit}' for one in numbers.split('/'))}>"


def _from_counted(found: re.Match[str]) -> str:
    """'Hall 1/2/3' is one of three; '4/5' is none of two."""
    digits = [int(one) for one in found[0].split("/")]
    is_count = digits == list(range(digits[0], digits[0] + len(digits)))
    is_choice = is_count and digits[0] < 2 and len(digits) > 2
    return f"<{found[0].replace('/', '|')}>" if is_choice else found[0]


def _from_slashes(found: re.Match[str]) -> str:
    before = found.string[: found.start()].lower()
    if before.endswith(" in ") and re.fullmatch(r"[^\W\d]{1,5}/[^\W\d]{1,5}", found[0]):
        return found[0]
    if _NO_CHOICES.search(found[0]) or found[0].replace("/", "").replace(" ", "").isdigit():
        low = found[0].lower()
        return "and" if low.startswith("and/or") else re.sub(r"^date/", "date-", found[0])
    return _token(found[0])


def _from_parens(found: re.Match[str]) -> str:
    head, inside = found[1], found[2].strip()
    if _OF_ONE.search(found.string[: found.start()]):
        return found[0]
    if _NO_LIST.search(inside) or _HINT.search(inside):
        return found[0]
    parts = [p for p in re.split(r"\s*,\s*(?:or |and )?|\s+or\s+|\s+and\s+", inside) if p]
    if len(parts) > 1 and all(map(is_hint, parts)) and "unique" in parts:
        rest = ", ".join(part for part in parts if part != "unique")
        return f"{head} ({rest}) (unique)"
    if len(parts) < 2 or any(len(p.split()) > 4 for p in parts):
        return found[0]
    low = head.lower()
    is_named = bool({"name", "title"} & {*map(str.lower, parts)})
    if is_named and (is_plural(low) or (len(parts) > 1 and not is_attribute(low))):
        return found[0]
    if low in ("type", "kind") and not {"name", "title"} & {*parts}:
        return f"{head} {_token(inside)}"
    attributes = sum(_is_detail(p) for p in parts)
    is_choice_head = singular_word(low) in lexicon.CHOICE_HEADS
    is_kind = (
        is_plural(low) or (low in lexicon.FIELDS_OF and attributes > 0)
    ) and not is_attribute(low)
    if " or " in inside and (not attributes or all(p[0].isdigit() for p in parts)):
        return f"{head} {_token(inside)}"
    if is_choice_head and attributes * 2 <= len(parts) and not (attributes and is_plural(low)):
        return f"{head} {_token(inside)}"
    typed = any(infer(snake(p) or "x").type not in ("string", "boolean") for p in parts)
    share = 1 if typed or is_plural(low) else 2
    few = attributes * 3 <= len(parts) * share and attributes < len(parts)
    if not is_kind and few and not all(is_plural(p) for p in parts):
        return f"{head} {_token(inside)}"
    return found[0]


def _is_detail(phrase: str) -> bool:
    """Whether a phrase surely names a field: 'phone', 'start time'; not a state as 'paid'."""
    draft = infer(snake(phrase) or "x")
    return draft.sure and draft.type != "boolean" and draft.name not in DAYS_OR_STATES


def _from_tail(found: re.Match[str]) -> str:
    ends = [i.split()[-1] for i in re.split(r"\s*,\s*(?:or |and )?|\s+(?:or|and)\s+", found[2]) if i]  # fmt: skip
    if any(is_attribute(e) and e.lower() not in lexicon.BOOLEANS for e in ends):
        return found[0]
    return f"{found[1]} {_token(found[2])}"


def _from_headed(found: re.Match[str]) -> str:
    listed = next(group for group in found.groups()[1:] if group)
    items = re.split(r"\s*,\s*(?:or |and )?|\s+(?:and|or)\s+|\s+&\s+", listed)
    if any(_is_detail(i) for i in items if i):
        return found[0]
    return f"{singular_word(found[1])} {_token(listed)}"


def _from_state(found: re.Match[str]) -> str:
    joint = (found["joint"] or "").strip(" ,").lower()
    words = re.split(r"\s*,\s*(?:or )?|\s+or\s+", found["list"])
    if joint == "and" and len(words) == 2 and words[1].strip().lower() == "not":
        return f" and {words[0].strip()} <yes|no>"
    if not joint or any(_is_detail(w) and not _is_state(w) for w in words if w):
        return found[0]
    before = found.string[: found.start()].split()
    own = (
        len(before) > 2 and before[-2].lower() in _ARTICLES and _LISTS.search(" ".join(before[:-2]))
    )
    if joint in ("that", "which") and own:
        return f" {_token(found['list'])}"
    states = any(_is_state(w) for w in words)
    name = f"{'status' if states else 'type'} {_token(found['list'])}"
    return f" and {name}" if joint == "and" else f" with {name}"


_ARTICLES = word_set("a an the their its")
_LISTS = re.compile(r"\b(?:has|have|with|note|record|including)\b|:", re.IGNORECASE)
"""Before 'a membership that is monthly or yearly': it is one of several fields."""


def _is_state(word: str) -> bool:
    low = word.lower()
    return low in _STATES | lexicon.BOOLEANS or low.endswith("ed") or bool(re.match(r"(?:in|on|at|off|under|out|up|away|waiting|ready) ", low))  # fmt: skip


def _from_named(found: re.Match[str]) -> str:
    """'a ticket is open or closed' gives the ticket a status; 'a status can be …' is one."""
    head, token = found[1], _token(found[2])
    if is_attribute(head) or singular_word(head.lower()) in lexicon.CHOICE_HEADS:
        return f"{head} {token}"
    words = [c.lower() for c in token[1:-1].split("|")]
    are_states = any(_is_state(w) for w in words)
    is_kind = is_plural(head.lower()) or head.lower() in lexicon.FIELDS_OF
    if not is_kind and head.lower() not in ("that", "which", "it", "they", "each"):
        return f"{head} {token}"
    return f"{head} with {'status' if are_states else 'type'} {token}"
