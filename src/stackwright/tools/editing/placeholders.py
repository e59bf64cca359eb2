"""Comments that stand for code which the model left out: "... rest unchanged", "same as before".

A comment is taken for one when it says nothing else: every word is one of those with which such comments are
made, and one of them, or dots, says that something is left out. An ordinary comment has a word of its own.
"""

import re
from collections import Counter
from collections.abc import Container, Sequence
from functools import cached_property

from stackwright.tools.editing.text import LINE_END

MAX_COMMENT_CHARS = 160
"""Longer comments explain something."""
MAX_LINE_CHARS = 400
MAX_DOTTED_WORDS = 9
"""Most words of a comment that begins with dots and may name what is left out."""

_BEGIN = re.compile(r"\{\s*/\*+|/\*+|//+|#+|<!--|\{#|--|\*(?!\w)|;+|(?=(?:\.{3}|…)(?:\s|$))")
_EXAMPLE = re.compile(r"\s*(?://|/\*|#|<!--)")
"""After the star of a comment's line: a comment in an example."""
_NO_WORDS = re.compile(r"\s?\S[^>]*$")
"""Dots alone that are neither indented, as in an example, nor behind an arrow."""
_TAIL = re.compile(r"(?:the )?rest|as (?:it )?(?:before|is|was)")
"""What may also be the end of a sentence on the line before."""
_END = re.compile(r"(?:\*+/\s*\}?|-->|#\})$")
_DOTS = re.compile(r"(?<!\.)\.{3,5}(?!\.)|…|⋮|⋯|(?:\. ){2,}\.")
_WORD = re.compile(r"[^\W_]\w*(?:'[a-z]+)?|_+\w+")
_NAME = re.compile(r"\w*[a-z0-9][A-Z]\w*|\w+_\w+|\w+\(\)")
_BODY = re.compile(r"(?:/\*.*\*/|<!--.*-->)|(?:(?<!:)//|#).*$")
_OPENS, _CLOSES = (
    re.compile(r"(?:[{(\[>]|=>|\bpass|\.\.\.)\s*$"),
    re.compile(r"\s*(?:[})\]<;,]|$)"),
)

_PART = (
    r"(?:code|file|function|class|component|content|implementation|method|style|import|export|logic|prop|field"
    r"|route|handler|test|helper|definition|body|bodie|stylesheet|markup|html|jsx|tsx|css|template|script|rule"
    r"|config|configuration|hook|endpoint|section|block|selector|variable|constant|type|interface|model|schema"
    r"|module|statement|declaration|attribute|propertie|property|param|parameter|argument|dependencie|dependency"
    r"|signature|structure|setup|source|stuff|docstring|export)(?:e?s)?"
)
"""What a file is made of: "existing content" stands for it."""
_MADE_OF = rf"(?:{_PART}|(?:page|form|layout|view|header|footer|nav|setting|line|case|branche?)s?)"
_FILLER = (
    r"(?:the|an?|your|our|my|this|that|these|those|it|its|of|in|to|as|for|with|from|and|or|so|on|also|all|any|every"
    r"|each|is|are|was|were|been?|being|have|has|stays?|stayed|remains?|remaining|goes?|here|there|above|below|now|still"
    r"|exactly|completely|entirely|currently|both|already|further|same|keeps?|kept|adds?|includes?|inserts?|puts?"
    r"|leaves?|left|see|follows?|continues?|todo|note|brevity|clarity|simplicity|space|etc|others?|more|additional"
    r"|previous|previously|prior|original|originally|old|current|earlier|before|existing|rest|remainder|else"
    r"|everything|nothing|no|not|needed|change[sd]?|unchanged|untouched|unmodified|unaltered|omitted|elided|truncated"
    r"|snip|snipped|identical|like|just|only|implements?|will|should|version|after|until|through|lines?|\d+|we|you|they|i)"
)
_KNOWN = re.compile(rf"(?:{_MADE_OF}|{_FILLER})")
_BEFORE = r"(?:before|earlier|previous(?:ly)?|existing|original(?:ly)?|(?:in )?the (?:original|previous|existing|old)(?: \w+)?)"
_STAYS = (
    r"(?:unchanged|untouched|unmodified|unaltered|omitted|elided|truncated|snip(?:ped)?"
    rf"|(?:the )?same as {_BEFORE}|identical to {_BEFORE}|like before|as (?:it |they )?(?:is|are|was|were|before)|as in {_BEFORE}"
    r"|(?:stays?|remains?|is|are|kept|keeps?)(?: exactly| all)? the same(?! as)|not changed"
    r"|as previously|(?:(?:skipped|hidden|shortened|cut|removed) )?for brevity|not shown|and so on"
    r"|nothing else changes?d?|nothing changed here"
    r"|no (?:other |more |further )?changes?(?: are| is)? (?:here|needed|below|above|to .*)"
    r"|no (?:other|more|further) changes?|keeps? (?:everything|all) else)"
)
"""That it is left out."""
_SAYS_SO = re.compile(rf"\b{_STAYS}\b")
_NAMES_IT = re.compile(
    r"(?:(?:todo|note|and|keeps?|adds?|includes?|inserts?|puts?|pastes?|implements?|continues?(?: with)?|your|the|all|any|our|my|same|see) )*"
    rf"(?:(?:(?:rest|remainder)(?: of (?:the |your |this |my )?(?:\w+ ){{0,2}}{_MADE_OF})?"
    rf"|(?:existing|remaining) (?:\w+ ){{0,2}}{_PART}"
    rf"|(?:keep|leave|include) (?:the |all |any |your )*(?:other|previous|original) (?:\w+ )?{_PART}"
    r"|(?:other|remaining) (?:\w+ ){1,2}(?:(?:are|remain|stay) )?(?:unchanged|untouched|omitted|the same|as is|as before)"
    r"|(?:your |insert |put |add )*(?:\w+ )?(?:code|logic|implementation|content)(?: goes)? here"
    r"|(?:previous|original) (?:code|content|implementation)|(?:code|implementation|logic|file|rest)s? (?:continues?|follows))"
    r"(?: (?:stays?|remains?|continues?|follows?))?(?: (?:goes |is |are )?(?:here|below|above|same|etc))?)"
)
"""What is left out, and nothing else."""
_WHERE = r"(?:here|above|below|unchanged|untouched|omitted|as (?:before|above|is)|stays?(?: the same)?|remains?)"
_INSTEAD = re.compile(
    r"(?:(?:the|all|your|our|my|and|keep) )*"
    rf"(?:(?:existing|previous|original) \w+(?: {_WHERE})?|(?:existing|previous|original) \w+ \w+ {_WHERE}"
    r"|(?:the )?same (?:\w+ )?as (?:above|before)"
    r"|(?:\w+ ){1,2}(?:as (?:before|above)|unchanged|untouched|omitted|(?:stays?|remains?) the same))"
)
"""What may be an ordinary comment, but not where code went away."""
_BARE_DOTTED = re.compile(
    r"\b(?:others?|more|additional|same|etc|here|before|earlier|code|previous|original|existing|rest|remainder"
    r"|remain\w*|everything|unchanged)\b"
)
_LEAD = re.compile(r"\w+ ")
_BEGINS_DOTTED = re.compile(
    r"(?:and |the |all |keep |your )?(?:rest|remainder|existing|remaining|unchanged|omitted|others?|previous"
    r"|same|more|additional|everything else)\b"
)


def find_placeholder(
    lines: Sequence[str], known: Container[str], old: str, *, is_whole: bool = False
) -> int | None:
    """The number of the first new line, not `known` from before, that stands for code of the `old` text.
    `is_whole`: both are whole files, of which the new one may well be shorter."""
    gone = _Gone(lines, old)
    has_lost_code = not is_whole and _code_lines(lines) < _code_lines(LINE_END.split(old))
    before = ""
    for number, line in enumerate(lines, 1):
        is_new = line.strip() not in known
        stands_for_code = is_placeholder(line, gone) or (has_lost_code and _stands_instead(line))
        if is_new and stands_for_code and not _ends(before, line):
            return number
        before = line
    return None


def _code_lines(lines: Sequence[str]) -> int:
    return sum(bool(line.strip()) and _BEGIN.match(line.strip()) is None for line in lines)


def _stands_instead(line: str) -> bool:
    comment = _comment(line.strip())
    if comment is None or _BEGIN.match(line.strip()) is None:
        return False
    return _INSTEAD.fullmatch(" ".join(word.lower() for word in _WORD.findall(comment))) is not None


def _ends(before: str, line: str) -> bool:
    """Whether the line is the end of a sentence that the comment before it begins."""
    said, comment = _comment(before.strip()), _comment(line.strip())
    if said is None or comment is None or said.rstrip().endswith((".", ":", "!", "?")):
        return False
    phrase = " ".join(word.lower() for word in _WORD.findall(comment))
    is_described = line.strip().startswith("*") and comment.strip()[:1].islower()
    is_tail = is_described or _TAIL.fullmatch(phrase) is not None
    return is_tail and _WORD.search(said) is not None


class _Gone(Container[str]):
    """Names of the old text that the new one has at most once: in the comment that stands for their code."""

    def __init__(self, lines: Sequence[str], old: str) -> None:
        self._lines, self._old = lines, old

    def __contains__(self, word: object) -> bool:
        return word in self._names

    @cached_property
    def _names(self) -> set[str]:
        count = Counter(word for line in self._lines for word in _WORD.findall(line.lower()))
        return {word for word in _WORD.findall(self._old.lower()) if count[word] < 2}


def is_placeholder(line: str, gone: Container[str] = frozenset()) -> bool:
    """Whether the line is a comment such as "... rest of the code unchanged", or has one for a body."""
    comment = _comment(line.strip())
    if comment is None or len(comment) > MAX_COMMENT_CHARS:
        return False
    words = [word.lower() for word in _WORD.findall(comment)]
    dots = _DOTS.search(comment)
    if not words:
        return dots is not None and _NO_WORDS.match(comment) is not None
    phrase = " ".join(words)
    if dots is not None and _is_elision(words, has_lead=not _WORD.search(comment[: dots.start()])):
        return True
    if _NAMES_IT.fullmatch(phrase):
        return True
    return _SAYS_SO.search(phrase) is not None and _says_nothing_else(comment, gone)


def _comment(line: str) -> str | None:
    """What the comment says that fills the line, or the body on it."""
    if len(line) > MAX_LINE_CHARS:
        return None
    begin = _BEGIN.match(line)
    if begin is not None:
        if begin[0] == "*" and _EXAMPLE.match(line, begin.end()):
            return None
        is_bare_dots = begin.end() == 0 and not _WORD.search(line)
        return None if is_bare_dots else _END.sub("", line[begin.end() :])
    body = _BODY.search(line)
    begin = _BEGIN.match(body[0]) if body is not None else None
    if body is None or begin is None or not _is_all(line[: body.start()], line[body.end() :]):
        return None
    return _END.sub("", body[0][begin.end() :])


def _is_all(before: str, after: str) -> bool:
    """Whether a comment between these is all that a pair of brackets has, or the last that it has."""
    if _OPENS.search(before):
        return _CLOSES.match(after) is not None
    return before.rstrip().endswith((",", ";")) and after.lstrip().startswith((")", "]", "}"))


def _is_elision(words: Sequence[str], *, has_lead: bool) -> bool:
    """Whether words with dots, before them or behind, say that something is left out."""
    phrase = " ".join(words)
    if all(map(_KNOWN.fullmatch, words)):
        is_part = all(re.fullmatch(_PART, word) for word in words if word not in ("the", "your"))
        return (has_lead and is_part) or _BARE_DOTTED.search(phrase) is not None
    if not has_lead:
        return len(words) <= MAX_DOTTED_WORDS // 2 and _BEGINS_DOTTED.match(phrase) is not None
    if len(words) <= MAX_DOTTED_WORDS // 2 and _BEGINS_DOTTED.match(_LEAD.sub("", phrase, count=1)):
        return True
    return len(words) <= MAX_DOTTED_WORDS and _BEGINS_DOTTED.match(phrase) is not None


def _says_nothing_else(comment: str, gone: Container[str]) -> bool:
    """A name may stand beside what a file is made of: "handleSubmit function unchanged"."""
    names = [name.lower().removesuffix("()") for name in _NAME.findall(comment)]
    said = " ".join(word.lower() for word in _WORD.findall(_NAME.sub(" ", comment)))
    words = _SAYS_SO.sub(" ", said).split()
    if any(re.fullmatch(_PART, word) for word in words):
        names = []
    own = [*names, *(word for word in words if not _KNOWN.fullmatch(word))]
    return all(word in gone for word in own)
