"""What a file really is, whatever it is called. Everything in it is a stranger's."""

import io
import re
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
"""So much memory times four may a picture take while it is drawn anew."""

MAX_SIDE, THUMBNAIL_SIDE = 2000, 320
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_NAME = 100

TOO_LARGE = f"The file is larger than {MAX_BYTES // 1_000_000} MB."
NO_PICTURE = "This is no picture that can be shown. Please use JPEG, PNG, WebP or GIF."
TOO_MANY_PIXELS = f"The picture has more than {MAX_PIXELS // 1_000_000} megapixels."
NO_DOCUMENT = "This kind of file is not taken. Please use PDF, Word, Excel, PowerPoint, OpenDocument, plain text or a picture."

_OFFICE = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
_OPEN = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MARKUP = ("<!", "<?", "<html", "<svg", "<head", "<body", "<script")


class Unfit(Exception):
    """The file is not taken; the message is a sentence for people."""


@dataclass(frozen=True)
class Content:
    """`thumbnail` is empty for what is no picture."""

    data: bytes
    type: str
    ending: str
    thumbnail: bytes = b""
    width: int = 0
    height: int = 0


def picture_of(data: bytes) -> Content:
    """The picture drawn anew, so that nothing else than a picture is kept. Raises Unfit."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:
                raise Unfit(TOO_MANY_PIXELS)
            found.draft("RGB", (MAX_SIDE, MAX_SIDE))
            image = ImageOps.exif_transpose(found)
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except Image.DecompressionBombError:
        raise Unfit(TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise Unfit(NO_PICTURE) from None
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError):
        raise Unfit("The picture is damaged: it cannot be read to its end.") from None
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    whole, (width, height) = _webp(image), image.size
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Content(whole, "image/webp", "webp", _webp(image), width, height)


def _webp(image: Image.Image) -> bytes:
    told = io.BytesIO()
    image.save(told, "WEBP", quality=82, method=2)
    return told.getvalue()


def document_of(data: bytes) -> Content:
    """Raises Unfit for what is none of the known kinds."""
    if data.startswith(b"%PDF-"):
        return Content(data, "application/pdf", "pdf")
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    text = _text(data)
    if text is not None:
        if text.lstrip("\ufeff \t\r\n").lower().startswith(_MARKUP):
            raise Unfit(NO_DOCUMENT)
        return Content(data, "text/plain; charset=utf-8", "txt")
    try:
        return picture_of(data)
    except Unfit as error:
        raise Unfit(NO_DOCUMENT if str(error) == NO_PICTURE else str(error)) from None


def _packed(data: bytes) -> Content:
    """Only the list of what is packed is read, nothing is unpacked but a short name of the kind."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if "[Content_Types].xml" in names:
                for folder, (ending, kind) in _OFFICE.items():
                    if any(name.startswith(folder) for name in names):
                        return Content(data, kind, ending)
            if names and names[0] == "mimetype":
                with packed.open("mimetype") as told:
                    kind = told.read(100).decode("ascii")
                if kind in _OPEN:
                    return Content(data, kind, _OPEN[kind])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        pass
    raise Unfit(NO_DOCUMENT)


def _text(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def safe_name(name: str, ending: str) -> str:
    """A name without folders and hidden signs, that ends as what the file is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*')
    stem = shown.rpartition(".")[0] or shown
    return f"{stem.strip('. ')[:MAX_NAME] or 'file'}.{ending}"
