"""Other wordings of follow-ups, as the plain requests they stand for: spoken turns ('X is pointless' ->
'remove X'), and lists: 'add a status to tasks: open, done' gives choices, 'add fields to tasks: size,
weight' several fields."""

import re
from typing import Final

from stackwright.offline import lexicon
from stackwright.offline.field_types import is_attribute
from stackwright.offline.words import is_plural

_FIELD: Final = r"(?:(?:an?|the|new)\s+)*(?P<field>[\w-]+(?: [\w-]+){0,2}?)(?: (?:field|column|dropdown|choice))?"
_ENTITY: Final = r"(?:the |each |every |all |my |our )?(?P<entity>[\w-]+(?: [\w-]+)??)"
_BEFORE: Final = (
    r"(?:\s*[:=]\s*|\s+-\s+|\s*\((?=[^()]+\)$)|,? either |,? (?:which|that) (?:is|are|can be) (?:either )?"
    r"|,? with (?:the )?(?:following )?(?:possible )?(?:options|values|choices|states)(?: of)?:? )"
)
_LIST: Final = r"(?P<list>[^:()<>]+?)\)?$"
_ADD: Final = r"(?:add|include|introduce|create|put|append|insert)"
_TO: Final = r"(?:to|for|on|in|into)"
_FORMS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ADD} {_FIELD} {_TO} {_ENTITY}{_BEFORE}{_LIST}",
        rf"{_ADD} {_TO} {_ENTITY} {_FIELD}{_BEFORE}{_LIST}",
        rf"{_ENTITY} (?:should |must |also )*(?:have|has|needs?|gets?) (?=an? ){_FIELD}{_BEFORE}{_LIST}",
        rf"give {_ENTITY} (?=an? ){_FIELD}{_BEFORE}{_LIST}",
    )
)
_FIELDS_OF: Final = re.compile(
    rf"{_ADD} (?:(?:the |these |some |more |new |following )*(?:fields|columns|attributes|properties) )?{_TO} {_ENTITY}\s*:\s*{_LIST}",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    r"\s*,\s*(?:or |and )?|\s+or\s+|\s+and\s+|\s+->?\s+|\s*[/|]\s*", re.IGNORECASE
)
_MAX_WORDS: Final = 3
_TWO: Final = re.compile(
    rf"^({_ADD} .+? {_TO} {_ENTITY}),? and ((?:an?|the) [\w-]+(?: [\w-]+){{0,2}} {_TO} )",
    re.IGNORECASE,
)


_TWO_NAMES: Final = re.compile(
    r"\b(rename [\w -]+? (?:to|into) [\w -]+?),? and (?!rename\b)((?:the )?[\w -]+? (?:to|into) )",
    re.IGNORECASE,
)


def two_requests(text: str) -> str:
    """'add a size to tasks and a code to projects' with both of its verbs."""
    text = re.sub(r"\badd ?: ?", "add ", text, flags=re.IGNORECASE)
    return _TWO_NAMES.sub(r"\1 and rename \2", _TWO.sub(r"\1 and add \3", text))


def plain_listing(request: str) -> str:
    """The request with its list where the other rules expect it; as it is if it ends in none."""
    if found := _FIELDS_OF.fullmatch(request):
        return f"add {found['list']} to {found['entity']}"
    for form in _FORMS:
        found = form.fullmatch(request)
        if found and not is_plural(found["field"]):
            values = [v for v in _BETWEEN.split(found["list"].strip()) if v]
            return _with_values(found["field"], found["entity"], values) or request
    return request


def _with_values(field: str, entity: str, values: list[str]) -> str | None:
    if not values or any(len(value.split()) > _MAX_WORDS for value in values):
        return None
    if len(values) == 1:
        return f"add {field} ({values[0]}) to {entity}"
    ends = [value.split()[-1].lower() for value in values]
    attributes = sum(is_attribute(end) and end not in lexicon.BOOLEANS for end in ends)
    if attributes * 2 > len(values):
        return f"add {', '.join(values)} to {entity}"
    return f"add {field} <{'|'.join(values)}> to {entity}"


_ENTRY: Final = r"(?:filled(?: in| out)?|given|set|entered|provided|specified|there)"
_TURNS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), to)
    for pattern, to in (
        (r"^(?:i|we) (?:forgot|missed|overlooked|left out)(?: about| to (?:add|mention|include|say))? (?:that )?(.+)$", r"add \1"),
        (r"^(?:it would be|it'd be|would be) (?:really |very )?(?:great|nice|good|cool|useful|helpful|handy|better|awesome|lovely) if (.+)$", r"\1"),
        (r"^(?:there(?:'s| is) no|i (?:see|find|have) no|we have no) (?:way|place|field|option|box|column) (?:to|for|where i can)(?: (?:note|record|enter|see|store|track|say|put|write|noting|entering))?(?: down)? (.+)$", r"add \1"),
        (r"^(add .{1,60}?) (to|for) ([\w-]+(?: [\w-]+)?),? (?:between|from) (-?\d[\d.]*) (?:and|to) (-?\d[\d.]*)$", r"\1 (\4-\5) \2 \3"),
        (r"^(add .{1,60}?) (?:next to|right after|after|beside|below) (?:the )?[a-z][\w-]*(?: [\w-]+)?$", r"\1 field"),
        (r"^(add )((?:[\w-]+ )?[\w-]+s): (?:an?|each|every|the|one) [\w-]+(?: [\w-]+)? (?:has|have|with|needs?) (.+)$", r"\1\2 with \3"),
        (r"^(?:i|we) (?:would like|want|need) ((?:[\w-]+ )?[\w-]+s): (?:an?|each|every|the|one) [\w-]+(?: [\w-]+)? (?:has|have|with|needs?) (.+)$", r"add \1 with \2"),
        (r"^(?:show|see|display|add) (?:the )?((?:average|total|number|sum|count) .+?) (?:with|for|on|beside|next to|in|at) (?:each|every|the|an?) ([\w-]+(?: [\w-]+)?)$", r"\1 per \2"),
        (r"^(?:rate|score|grade) (?:each|every|the|all) ([\w-]+) (?:from|between) (\d+) (?:to|and) (\d+)$", r"add rating (\2-\3) to \1"),
        (r"^add how much (?:an?|the|each) (\w+) weighs?(.*)$", r"add weight (number)\2 to \1"),
        (r"^(?:the )?(.+?) (?:is |are |'s )?(?:still )?(?:missing|lacks?|lacking|had|could use|should know|must know|should remember|should show|should hold|should store)\b:? (.+)$", r"\1 have \2"),
        (r"^(?:i|we) (?:also )?have (?:several |many |multiple |different |some |a few |various |two |three )?(?!an? |the |no |any )([a-z]+(?: [a-z]+)?s\b.*)$", r"add \1"),
        (r"^((?:(?! and ).)+?) (?:should not|shouldn't|must not|mustn't|cannot|can't|can not) be (?:optional|(?:left )?(?:empty|blank|out))$", r"make \1 required"),
        (rf"^(.+?) (?:does not|doesn't|do not|don't|need not|needn't) (?:have to |need to )?be (?:required|mandatory|{_ENTRY})$", r"make \1 optional"),
        (r"^(.+?) (?:should|must|needs to|need to|has to|ought to) be (?:called|named|renamed(?: to| as)?|labelled) (.+)$", r"rename \1 to \2"),
        (r"^(?:i|we)(?:'d| would) (?:rather|prefer to) (?:have|call|name|see) (.+?) (?:called |named |be called )(.+)$", r"rename \1 to \2"),
        (r"^(?:say|use|write|call (?:it|them)) (?:the word |the term )?(.+?) instead of (.+)$", r"rename \2 to \1"),
        (r"^(?:throw|kick|take|toss|leave|strip) (?:out |away |off )(.+)$", r"remove \1"),
        (r"^(?:throw|kick|take|toss|leave) (.+?) (?:out|away|off)$", r"remove \1"),
        (r"^(.+?) (?:is|are|seems?|looks?) (?:pointless|useless|unnecessary|superfluous|redundant|not needed|no longer needed|not necessary|unneeded|obsolete)(?: any ?more)?$", r"remove \1"),
        (r"^(?:can|could|may|should) (?:an? |the )?(.+?) also be (.+)$", r"\1 can also be \2"),
        (r"^(?:can|could|should|may|might|would|will) (?:the |each |every |an? |all )?([\w -]{2,40}?) (also |please |always |only )?(have|get|include|show|be|belong|start|default|come|need)\b(.*)$", r"\1 should \2\3\4"),
        (r"^(?:each|every|an?|the) ([\w -]{2,30}?) (?:can|may|should) (?!be\b|have\b|also\b)([a-z]+): (.+)$", r"\1 have \2 (\3)"),
        (r"^([\w -]{2,40}?): (?=(?:always |not )?(?:required|mandatory|optional|unique|hidden)\b)", r"\1 must be "),
        (r"^(?:i|we) (?:also )?(?:want|need) to (note|record|track|store|keep|write) (?:down )?", "add "),
        (r"^(?:each |every |all |an? |the )?([\w -]+?) (?:is|are|lives?|lies?|hangs?|goes|go|sits?|stands?|comes?|belongs?|takes? place|happens?) (?:always )?(?:in|at|on|from|under|inside) (?:an? |one |one of the )([a-z][\w -]*)$", r"each \1 belongs to a \2"),
    )
)  # fmt: skip
_QUOTED: Final = re.compile(r"(?<![\w])'([^'\n]{1,60})'(?![\w])")
_EACH_WITH: Final = re.compile(
    r",?\s*\beach (?:one )?(?:with|having|has|of (?:them|which) (?:has|have))\b", re.IGNORECASE
)


def one_sentence(text: str) -> str:
    """Quotes of one kind, and 'branches, each with a name' as one phrase."""
    return _EACH_WITH.sub(" with", _QUOTED.sub(r'"\1"', text))


def plain_request(clause: str) -> str:
    """The clause as a plain request where it is a known turn of speech; else as it is."""
    words = clause.strip(" ,.;?!")
    for pattern, to in _TURNS:
        words = pattern.sub(to, words)
    return re.sub(r"\s+", " ", words).strip()
