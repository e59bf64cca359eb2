"""How deep the new lines belong when the quotation stands at another depth than the file's lines.

The new text is written either at the quotation's depth, and has to be moved as the quotation was, or already at
the file's. Lines that are in both texts and the depth of the whole tell which; where they do not, nothing
is written.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum
from itertools import pairwise


class Depth(Enum):
    QUOTED = "as deep as the quotation"
    IN_FILE = "as deep as the file"
    UNCLEAR = "neither"


def indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def depth_of_shifted(mine: Sequence[str], theirs: Sequence[str], new: Sequence[str]) -> Depth:
    """For a quotation that is deeper or shallower than the file by the same space in every line."""
    quoted, in_file, wanted = _least(theirs), _least(mine), _least(new)
    if wanted is None or wanted == quoted or quoted is None or in_file is None:
        return Depth.QUOTED
    if wanted != in_file:
        # Shallower than both is a dedent; between them or deeper than both is a guess.
        return Depth.QUOTED if wanted < min(quoted, in_file) else Depth.UNCLEAR
    told = set(_told(mine, theirs, new))
    if in_file < quoted and told != {Depth.IN_FILE}:
        return Depth.QUOTED if told == {Depth.QUOTED} else Depth.UNCLEAR
    is_repeated = [line.rstrip() for line in mine] == [line.rstrip() for line in new]
    return Depth.UNCLEAR if Depth.QUOTED in told or is_repeated else Depth.IN_FILE


def depth_of_renamed(
    mine: Sequence[str], theirs: Sequence[str], new: Sequence[str], names: Mapping[str, str]
) -> Depth:
    """For a quotation each of whose indentations (keys of `names`) stands for one of the file's."""
    given = {indent(line) for line in new if line.strip()}
    levels = {Depth.QUOTED: names.keys(), Depth.IN_FILE: set(names.values())}
    possible = {depth for depth, known in levels.items() if given <= known}
    if len(possible) == 2:
        if all(names[each] == each for each in given):
            return Depth.QUOTED
        possible = {each for each in possible if _descends_by_levels(new, levels[each])}
    told = set(_told(mine, theirs, new))
    if len(possible) == 2:
        possible = told
    if len(possible) != 1 or (told and not possible & told):
        return Depth.UNCLEAR
    return possible.pop()


def _told(mine: Sequence[str], theirs: Sequence[str], new: Sequence[str]) -> Iterator[Depth]:
    """What the lines say that stand once in the quotation and once in the new text."""
    old = Counter(line.strip() for line in theirs)
    wanted = Counter(line.strip() for line in new)
    places = {line.strip(): number for number, line in enumerate(theirs)}
    for line in new:
        text = line.strip()
        if not text or old[text] != 1 or wanted[text] != 1:
            continue
        quoted, in_file = indent(theirs[places[text]]), indent(mine[places[text]])
        if quoted != in_file and indent(line) in (quoted, in_file):
            yield Depth.QUOTED if indent(line) == quoted else Depth.IN_FILE


def _least(lines: Sequence[str]) -> int | None:
    return min((len(indent(line)) for line in lines if line.strip()), default=None)


def _descends_by_levels(lines: Sequence[str], indents: Collection[str]) -> bool:
    """Whether no line is deeper than the one before it by more than one level."""
    levels = {each: number for number, each in enumerate(sorted(indents, key=len))}
    steps = [levels[indent(line)] for line in lines if line.strip()]
    return all(after - before <= 1 for before, after in pairwise(steps))
