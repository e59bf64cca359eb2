import io
import struct
import zlib

import pytest
from PIL import Image

from stackwright.core.errors import BadInput
from stackwright.core.pictures import fitted, looks_like_picture, tokens_of


def encoded(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind)
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    head = struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + head + struct.pack(">I", 0) + b"IDAT" + b"\0\0\0\0"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_these_four_are_taken(kind: str) -> None:
    made = fitted(encoded(kind))
    assert (made.width, made.height) == (40, 20)
    assert made.media_type == "image/png"
    assert Image.open(io.BytesIO(made.content)).format == "PNG"


def test_a_large_picture_is_scaled_and_its_bytes_are_bounded() -> None:
    out = io.BytesIO()
    noise(3000, 2000).save(out, "JPEG")
    made = fitted(out.getvalue())
    assert (made.width, made.height) == (1568, 1045)
    assert made.media_type == "image/jpeg"
    assert len(made.content) < 1_500_000


def test_of_an_animation_the_first_frame_is_taken() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    made = Image.open(io.BytesIO(fitted(out.getvalue()).content)).convert("RGB")
    assert made.getpixel((1, 1)) == (255, 0, 0)


def test_a_turned_photo_stands_upright_and_tells_no_place() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "home"
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", exif=exif)
    made = fitted(out.getvalue())
    assert (made.width, made.height) == (20, 40)
    assert b"home" not in made.content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG" + b"x" * 50_000_000, "has 50 MB; pictures may have 10 MB"),
        (bomb(20_000, 20_000), "has far too many pixels"),
        (bomb(9000, 9000), "has 9000 x 9000 pixels"),
        (bomb(20_000, 1), "has 20000 x 1 pixels"),
        (encoded("PNG")[:60], "is broken"),
        (encoded("JPEG")[:200], "is broken"),
        (b"GIF89a", "is not a PNG|is broken"),
        (b"<svg xmlns='x'><script>alert(1)</script></svg>", "SVG, which may hold scripts"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
        (b"BM" + b"\0" * 100, "is not a PNG, JPEG, GIF or WebP"),
        (b"", "is not a PNG"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as refused:
        fitted(content, "mock-up.png")
    assert str(refused.value).startswith("mock-up.png ")
    assert str(refused.value).count("\n") == 0


def test_every_cut_of_a_picture_is_a_picture_or_a_sentence() -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        whole = encoded(kind)
        for end in range(0, len(whole), max(1, len(whole) // 60)):
            try:
                fitted(whole[:end])
            except BadInput:
                continue


def test_pictures_are_told_from_texts() -> None:
    assert looks_like_picture(encoded("WEBP"))
    assert looks_like_picture(b"<svg></svg>")
    assert looks_like_picture(b"BM\0\0")
    assert not looks_like_picture(b"# Notes\n")
    assert not looks_like_picture(b"")


def test_a_picture_costs_by_its_pixels() -> None:
    assert tokens_of(1280, 800) == 1366
    assert tokens_of(20_000, 10) < 10
    assert tokens_of(0, 0) == 1
