"""Pictures that others made, checked and brought to a size that a model takes.

Only these four formats are decoded, never more pixels than a limit, and one picture at a time: a small
file can hold a picture of gigabytes. Call it in a thread.
"""

import io
import threading
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackwright.core.errors import BadInput

if TYPE_CHECKING:
    from PIL import Image

MAX_SIDE = 1568
"""Models scale down what is larger."""
MAX_BYTES = 10_000_000
MAX_SENT_BYTES = 600_000
MAX_SOURCE_SIDE = 20_000
MAX_PIXELS = 50_000_000
PIXELS_PER_TOKEN = 750
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_QUALITIES = (85, 65, 45)
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif")
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class FittedPicture:
    media_type: str
    width: int
    height: int
    content: bytes


def tokens_of(width: int, height: int) -> int:
    """What a picture costs in a request."""
    scale = min(1.0, MAX_SIDE / max(width, height, 1))
    return int(width * scale * height * scale / PIXELS_PER_TOKEN) + 1


def fitted(content: bytes, name: str = "The picture") -> FittedPicture:
    """The first frame as PNG or JPEG of at most MAX_SIDE pixels a side, without its metadata.

    Raises BadInput with a sentence about anything else."""
    if problem := _not_a_picture(content):
        raise BadInput(f"{name} {problem}")
    # Pillow takes a tenth of a second to load, and most runs see no picture.
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415

    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                _check_size(image.width, image.height, name)
                image.draft("RGB", (MAX_SIDE, MAX_SIDE))
                image.load()
                turned = ImageOps.exif_transpose(image)
                turned.thumbnail((MAX_SIDE, MAX_SIDE))
                return _encoded(turned)
        except UnidentifiedImageError as error:
            raise BadInput(f"{name} is not a PNG, JPEG, GIF or WebP picture.") from error
        except Image.DecompressionBombError as error:
            raise BadInput(f"{name} has far too many pixels.") from error
        except (OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError) as error:
            raise BadInput(f"{name} is broken: it cannot be decoded.") from error


def looks_like_picture(content: bytes) -> bool:
    """Whether the first bytes are those of a picture, also of one that cannot be taken."""
    return (
        _kind_of(content) is not None or content[:4] in (b"II*\0", b"MM\0*") or content[:2] == b"BM"
    )


def _not_a_picture(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        return f"has {len(content) / 1e6:.0f} MB; pictures may have {MAX_BYTES // 1_000_000} MB."
    kind = _kind_of(content)
    if kind == "SVG":
        return "is an SVG, which may hold scripts; send it as PNG."
    if kind == "HEIC":
        return "is a HEIC or AVIF picture, which models do not take; send it as JPEG or PNG."
    return ""


def _kind_of(content: bytes) -> str | None:
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<!doctype svg")) or (
        head.startswith(b"<?xml") and b"<svg" in head
    ):
        return "SVG"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return "HEIC"
    signs = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF"}
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for sign, kind in signs.items() if content.startswith(sign)), None)


def _check_size(width: int, height: int, name: str) -> None:
    if max(width, height) >= MAX_SOURCE_SIDE or width * height > MAX_PIXELS:
        raise BadInput(
            f"{name} has {width} x {height} pixels; a picture may have "
            f"{MAX_PIXELS // 1_000_000} million, and less than {MAX_SOURCE_SIDE} on a side."
        )


def _encoded(image: "Image.Image") -> FittedPicture:
    """As PNG if that is small enough (text stays sharp), else as JPEG on white."""
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    plain = image.convert("RGBA" if has_alpha else "RGB")
    out = io.BytesIO()
    plain.save(out, "PNG")
    if out.tell() <= MAX_SENT_BYTES:
        return FittedPicture("image/png", plain.width, plain.height, out.getvalue())
    return _as_jpeg(plain)


def _as_jpeg(image: "Image.Image") -> FittedPicture:
    from PIL import Image  # noqa: PLC0415 (as above)

    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    out = io.BytesIO()
    for quality in _QUALITIES:
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=quality)
        if out.tell() <= MAX_SENT_BYTES:
            break
    return FittedPicture("image/jpeg", flat.width, flat.height, out.getvalue())
