"""Follow-ups in spoken turns, as the plain requests they stand for: 'X is pointless' -> 'remove X'."""

import re
from typing import Final

_ENTRY: Final = r"(?:filled(?: in| out)?|given|set|entered|provided|specified|there)"
_TURNS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), to)
    for pattern, to in (
        (r"^(?:i|we) (?:forgot|missed|overlooked|left out)(?: about| to (?:add|mention|include|say))? (?:that )?(.+)$", r"add \1"),
        (r"^(?:it would be|it'd be|would be) (?:really |very )?(?:great|nice|good|cool|useful|helpful|handy|better|awesome|lovely) to (?:have|see|get) (.+)$", r"add \1"),
        (r"^(?:it would be|it'd be|would be) (?:really |very )?(?:great|nice|good|cool|useful|helpful|handy|better|awesome|lovely) if (.+)$", r"\1"),
        (r"^(?:there(?:'s| is) no|i (?:see|find|have) no|we have no) (?:way|place|field|option|box|column) (?:to|for|where i can)(?: (?:note|record|enter|see|store|track|say|put|write|noting|entering))?(?: down)? (.+)$", r"add \1"),
        (r"^there(?:'s| is| are) no (.+ (?:for|on|in) .+)$", r"add \1"),
        (r"^add how much (?:an?|the|each) (\w+) weighs?(.*)$", r"add weight (number)\2 to \1"),
        (r"^add weight \(number\)( (?:in|\() ?[\w ]+\)?) to (.+)$", r"add weight\1 to \2"),
        (r"^add how much (?:an?|the|each) (\w+) costs?(.*)$", r"add price\2 to \1"),
        (r"^add (when|where|whether|how|who|what) (?:an?|the|each) (\w+) (.+)$", r"\2 have \1 it \3"),
        (r"^(.+?) (?:is|are) (?:still )?missing (?:from|for|in|on|of) (.+)$", r"add \1 to \2"),
        (r"^(?:the )?(.+?) (?:is |are |'s )?(?:still )?(?:missing|lacks?|lacking|had|could use|should know|must know|should remember|should show|should hold|should store)\b:? (.+)$", r"\1 have \2"),
        (r"^(?:i|we) (?:also )?have (?:several |many |multiple |different |some |a few |various |two |three )?(?!an? |the |no |any )([a-z]+(?: [a-z]+)?s\b.*)$", r"add \1"),
        (r"^(.+?) (?:should not|shouldn't|must not|mustn't|cannot|can't|can not) be (?:optional|(?:left )?(?:empty|blank|out))$", r"make \1 required"),
        (rf"^(.+?) (?:does not|doesn't|do not|don't|need not|needn't) (?:have to |need to )?be (?:required|mandatory|{_ENTRY})$", r"make \1 optional"),
        (r"^(.+?) (?:can|may|could) (?:be left |be |stay )(?:empty|blank|out)$", r"make \1 optional"),
        (r"^(.+?) (?:is not|isn't|are not|aren't|should not be|shouldn't be) (?:required|mandatory|compulsory)(?: any ?more)?$", r"make \1 optional"),
        (rf"^(.+?) (?:must|should|has to|have to|needs to|need to) (?:always )?be {_ENTRY}$", r"make \1 required"),
        (r"^(.+?) (?:should|must|needs to|need to|has to|ought to) be (?:called|named|renamed(?: to| as)?|labelled) (.+)$", r"rename \1 to \2"),
        (r"^(?:i|we)(?:'d| would) (?:rather|prefer to) (?:have|call|name|see) (.+?) (?:called |named |be called )(.+)$", r"rename \1 to \2"),
        (r"^(?:i|we)(?:'d| would) (?:rather|prefer to) (?:call|name) (.+?) (\S+)$", r"rename \1 to \2"),
        (r"^(?:say|use|write|call (?:it|them)) (?:the word |the term )?(.+?) instead of (.+)$", r"rename \2 to \1"),
        (r"^(?:throw|kick|take|toss|leave|strip) (?:out |away |off )(.+)$", r"remove \1"),
        (r"^(?:throw|kick|take|toss|leave) (.+?) (?:out|away|off)$", r"remove \1"),
        (r"^(?:scrap|ditch|discard|toss|erase|lose) (.+)$", r"remove \1"),
        (r"^(.+?) (?:is|are|seems?|looks?) (?:pointless|useless|unnecessary|superfluous|redundant|not needed|no longer needed|not necessary|unneeded|obsolete)(?: any ?more)?$", r"remove \1"),
        (r"^(?:i|we) (?:never|hardly ever|rarely) (?:use|need|fill in) (.+)$", r"remove \1"),
        (r"^(?:can|could|may|should) (?:an? |the )?(.+?) also be (.+)$", r"\1 can also be \2"),
        (r"^(?:each |every |all |an? |the )?([\w -]+?) (?:is|are|lives?|goes|go|sits?|stands?|comes?|takes? place|happens?) (?:always )?(?:in|at|on|from|under|inside) (?:an? |one |one of the )([a-z][\w -]*)$", r"each \1 belongs to a \2"),
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
