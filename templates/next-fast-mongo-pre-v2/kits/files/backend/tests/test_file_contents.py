"""What files really are: hostile ones among them."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from attachments.contents import (
    MAX_SIDE,
    NO_DOCUMENT,
    NO_PICTURE,
    TOO_MANY_PIXELS,
    Unfit,
    document_of,
    picture_of,
    safe_name,
)


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    told = io.BytesIO()
    Image.new("RGB", size, "teal").save(told, kind, **options)
    return told.getvalue()


def packed(**files: bytes) -> bytes:
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return told.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes that claims to have 2.5 billion pixels."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_pictures_are_drawn_anew_with_a_thumbnail(kind: str) -> None:
    content = picture_of(drawn(kind, (2400, 1200)))
    assert (content.type, content.width, content.height) == ("image/webp", MAX_SIDE, 1000)
    with Image.open(io.BytesIO(content.thumbnail)) as thumbnail:
        assert thumbnail.size == (320, 160)


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    content = picture_of(drawn("JPEG", exif=exif) + b"<script>alert(2)</script>")
    assert b"script" not in content.data + content.thumbnail


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', NO_PICTURE),
        (b"<html><script>alert(1)</script></html>", NO_PICTURE),
        (b"%PDF-1.7", NO_PICTURE),
        (b"", NO_PICTURE),
        (bomb(), TOO_MANY_PIXELS),
        (drawn("PNG", (7000, 6000)), TOO_MANY_PIXELS),
        (drawn("JPEG", (400, 300))[:900], "damaged"),
        (drawn("TIFF"), NO_PICTURE),
    ],
)
def test_what_is_no_picture_is_told_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Unfit) as error:
        picture_of(data)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (packed(**{"[Content_Types].xml": b"", "word/document.xml": b""}), "docx"),
        (packed(**{"mimetype": b"application/vnd.oasis.opendocument.text"}), "odt"),
        ("Grüße\n".encode(), "txt"),
        (drawn("JPEG"), "webp"),
    ],
)
def test_documents_are_known_by_what_is_in_them(data: bytes, ending: str) -> None:
    assert document_of(data).ending == ending


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01",
        b" \n<!DOCTYPE html><script>1</script>",
        b'<?xml version="1.0"?><svg/>',
        packed(**{"evil.exe": b"MZ"}),
        b"PK\x03\x04 no archive",
        b"\xff\xfe\x00",
    ],
)
def test_other_files_are_not_taken(data: bytes) -> None:
    with pytest.raises(Unfit) as error:
        document_of(data)
    assert str(error.value) == NO_DOCUMENT


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.webp"),
        ("C:\\Windows\\a.exe", "a.webp"),
        ("...", "file.webp"),
        ("", "file.webp"),
        ("a\x00b\r\nSet-Cookie: x.png", "abSet-Cookie x.webp"),
        ("holiday.JPG", "holiday.webp"),
        ("x" * 900 + ".png", "x" * 100 + ".webp"),
    ],
)
def test_names_lead_nowhere_and_end_as_what_the_file_is(name: str, kept: str) -> None:
    assert safe_name(name, "webp") == kept
