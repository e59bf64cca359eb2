"""Files taken in portions, so that a whole workspace (up to 100 GB) never lies in memory."""

from collections.abc import Iterable, Mapping

PORTION_BYTES = 8_000_000


def portions(sizes: Mapping[str, int], *, max_bytes: int = PORTION_BYTES) -> Iterable[list[str]]:
    """The paths in their order, each portion of at most `max_bytes`, or of one larger file. `sizes` are in bytes."""
    portion: list[str] = []
    total = 0
    for path, size in sizes.items():
        if portion and total + size > max_bytes:
            yield portion
            portion, total = [], 0
        portion.append(path)
        total += size
    if portion:
        yield portion
