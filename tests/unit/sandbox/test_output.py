import pytest

from stackwright.sandbox.output import BoundedText


def collected(limit: int, *pieces: str) -> str:
    kept = BoundedText(limit)
    for piece in pieces:
        kept.add(piece)
    return kept.text()


def test_short_output_stays_as_it_is() -> None:
    assert collected(10) == ""
    assert collected(10, "01234", "56789") == "0123456789"


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_of_long_output_the_beginning_and_the_end_are_kept(size: int) -> None:
    text = "".join(chr(0x100 + number) for number in range(100))
    pieces = [text[start : start + size] for start in range(0, 100, size)]
    assert collected(20, *pieces) == f"{text[:10]}\n[… 80 characters left out …]\n{text[-10:]}"


def test_the_bound_holds_for_one_huge_piece() -> None:
    assert len(collected(1000, "x" * 5_000_000)) < 1050
