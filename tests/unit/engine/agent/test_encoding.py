import pytest

from stackwright.engine.agent.encoding import byte_range, chosen_encoding
from stackwright.engine.agent.http1 import HttpError


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "identity"),
        ("gzip, deflate, identity;q=0", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=0", "identity"),
        ("br", "identity"),
        ("*;q=0, gzip", "gzip"),
    ],
)
def test_the_clients_preference_decides(accept: str, expected: str) -> None:
    assert chosen_encoding(accept) == expected


def test_nothing_acceptable_is_refused() -> None:
    with pytest.raises(HttpError) as refusal:
        chosen_encoding("br, identity;q=0")
    assert refusal.value.status == 406


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=5-", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=2-99", (2, 10)),
        ("bytes=0-1,3-4", None),
        ("lines=1-2", None),
        ("bytes=a-b", None),
    ],
)
def test_one_range_is_honoured(header: str, expected: tuple[int, int] | None) -> None:
    assert byte_range(header, 10) == expected


def test_a_range_outside_the_file_is_refused() -> None:
    with pytest.raises(HttpError) as refusal:
        byte_range("bytes=10-", 10)
    assert refusal.value.status == 416
