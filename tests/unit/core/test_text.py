import pytest

from stackwright.core.text import charset_in, decoded, is_plain, well_formed


@pytest.mark.parametrize(
    "charset", ["raw_unicode_escape", "utf-7", "idna", "punycode", "rot13", "zip"]
)
def test_codecs_that_no_page_is_written_in_are_not_used(charset: str) -> None:
    text = decoded(rb"a \ud800 +2AA- xn--", charset)

    assert text == r"a \ud800 +2AA- xn--"


def test_a_charset_that_pages_are_written_in_is_used_whatever_its_case() -> None:
    assert decoded("漢字".encode("shift_jis"), "Shift_JIS") == "漢字"
    assert decoded(b"caf\xe9", "ISO-8859-1") == "café"
    assert decoded(b"\xff\xfea\x00", "utf-16") == "a"


def test_half_characters_are_replaced_and_others_stay() -> None:
    assert well_formed("a\ud800b\udfff") == "a\ufffdb\ufffd"
    assert well_formed("😀 é") == "😀 é"


def test_a_nul_and_half_characters_are_no_plain_text() -> None:
    assert is_plain("😀 é\n")
    assert not is_plain("a\0")
    assert not is_plain("a\ud800")


def test_the_charset_is_found_in_a_content_type() -> None:
    assert charset_in('text/html; Charset="windows-1252"') == "windows-1252"
    assert charset_in("application/json") == "utf-8"
