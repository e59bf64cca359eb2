"""Text that others wrote, made storable; bytes that others sent, made text."""

import re

SURROGATE = re.compile(r"[\ud800-\udfff]")
CHARSETS = frozenset(
    {
        *("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"),
        *("latin-1", "latin1", "iso8859-1", "macintosh", "koi8-r", "koi8-u", "cp866"),
        *(f"iso-8859-{number}" for number in range(1, 17) if number != 12),
        *(f"windows-{number}" for number in range(1250, 1259)),
        *("gbk", "gb2312", "gb18030", "big5", "euc-jp", "shift_jis", "iso-2022-jp", "euc-kr"),
    }
)
"""What pages are written in. Python's other codecs make lone surrogates or need special care."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def is_plain(text: str) -> bool:
    """Whether it is text that can be sent and stored: no NUL, no half character (lone surrogate)."""
    return "\0" not in text and (text.isascii() or SURROGATE.search(text) is None)


def well_formed(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which neither JSON nor a database can hold."""
    return text if text.isascii() else SURROGATE.sub("\ufffd", text)


def charset_in(content_type: str) -> str:
    """The charset that a Content-Type names; utf-8 if it names none."""
    found = _CHARSET.search(content_type[:500])
    return found[1] if found else "utf-8"


def decoded(body: bytes, charset: str) -> str:
    """What the bytes say; those that do not fit, or of a charset that pages are not written in, are
    read as UTF-8 with U+FFFD for what is none."""
    name = charset.lower()
    return well_formed(body.decode(name if name in CHARSETS else "utf-8", errors="replace"))
