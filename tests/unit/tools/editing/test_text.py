import pytest

from stackwright.tools.editing.text import decode, readable


@pytest.mark.parametrize(
    ("content", "encoding", "added"),
    [
        (b"caf\xc3\xa9", "utf-8", b"\xc3\xa4"),
        (b"caf\xc3\xa9 \xff", "utf-8", b"\xc3\xa4"),
        (b"\xef\xbb\xbfa \xff", "utf-8", b"\xc3\xa4"),
        (b"caf\xe9", "latin-1", b"\xe4"),
    ],
)
def test_what_is_added_has_the_encoding_of_the_rest(
    content: bytes, encoding: str, added: bytes
) -> None:
    source = decode(content)

    assert source.encoding == encoding
    assert source.encoded(source.text + "ä") == content + added


@pytest.mark.parametrize("content", [b"a \xff", b"\x93a\x94", b"\xfe"])
def test_a_file_of_no_known_encoding_takes_ascii_only(content: bytes) -> None:
    source = decode(content)

    assert source.encoded(source.text + "a") == content + b"a"
    with pytest.raises(UnicodeEncodeError):
        source.encoded(source.text + "ä")


def test_bad_bytes_are_shown_character_for_character() -> None:
    assert readable(b"\xc3\xa9 \xff.") == "é \ufffd."
