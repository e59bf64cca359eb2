"""The looks that the kit `look` can give an application: colours, type, shape, spacing, navigation.

The style sheet, the witnesses and the sentence that tells of a look are all made from these.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

Style = Literal["plain", "midnight", "newspaper", "playful", "compact", "calm"]
Accent = Literal[
    "", "blue", "green", "red", "orange", "purple", "pink", "teal", "brown", "yellow", "grey"
]


@dataclass(frozen=True)
class Palette:
    """Colours of one theme, as #rrggbb. Text on each of them can be read."""

    background: str
    foreground: str
    surface: str
    sidebar: str
    muted: str
    muted_foreground: str
    border: str
    primary: str
    primary_foreground: str

    def lines(self) -> list[tuple[str, str]]:
        """Each custom property with its value."""
        return [(name.replace("_", "-"), value) for name, value in vars(self).items()]


@dataclass(frozen=True)
class Look:
    """`font` is the first of the text's fonts; `spacing` is what Tailwind multiplies, in rem."""

    text: str
    light: Palette | None = None
    dark: Palette | None = None
    fonts: str = ""
    headings: str = ""
    radius: float = 0.5
    spacing: float = 0.25
    menu: Literal["side", "top"] = "side"
    appearance: Literal["auto", "dark", "light"] = "auto"


_PLAIN = Look(text="as a new application")
_SERIF = 'Georgia, "Iowan Old Style", "Times New Roman", serif'
STYLES: Final[dict[str, Look]] = {
    "plain": _PLAIN,
    "midnight": Look(
        text="a dark look with glowing accents",
        light=Palette("#eef1fb", "#141a33", "#ffffff", "#e2e7f7", "#dde3f5", "#4c5679", "#c5cee9", "#3552c8", "#ffffff"),
        dark=Palette("#0b1020", "#e6e9f5", "#131a30", "#080c18", "#1d2745", "#9aa6c9", "#26325a", "#7c9cff", "#0b1020"),
        fonts='"Avenir Next", "Segoe UI", "Helvetica Neue", system-ui, sans-serif',
        radius=0.9,
        appearance="dark",
    ),
    "newspaper": Look(
        text="a newspaper: serif type, rules instead of boxes, the menu below the masthead",
        light=Palette("#f7f3ea", "#1a1712", "#fbf8f1", "#f7f3ea", "#ebe4d4", "#5d5546", "#b8ad97", "#1a1712", "#fbf8f1"),
        dark=Palette("#16140f", "#ece6d8", "#1d1a14", "#16140f", "#2a261d", "#b3a990", "#4a4434", "#ece6d8", "#16140f"),
        fonts=_SERIF,
        headings=_SERIF,
        radius=0,
        menu="top",
    ),
    "playful": Look(
        text="a playful look: round, colourful, with plenty of room",
        light=Palette("#fff7e8", "#2b1b4d", "#ffffff", "#ffe3f1", "#fdebc8", "#6a5585", "#d9b8e8", "#c81e64", "#ffffff"),
        dark=Palette("#231942", "#fff1fb", "#2f2358", "#1b1335", "#40306f", "#cfc0ee", "#5b4890", "#ff7ab8", "#231942"),
        fonts='"Baloo 2", "Nunito", ui-rounded, "Trebuchet MS", "Comic Neue", sans-serif',
        radius=1.4,
        spacing=0.275,
    ),
    "compact": Look(
        text="a compact look: small type, straight edges, much on one screen",
        light=Palette("#f4f5f7", "#10151c", "#ffffff", "#e5e8ec", "#e5e8ec", "#4a5563", "#c3cad3", "#0f5c6e", "#ffffff"),
        dark=Palette("#0f1317", "#e7ebf0", "#161b21", "#0b0e12", "#232a33", "#a0abb9", "#303944", "#58b9cf", "#0b0e12"),
        fonts='"IBM Plex Sans", "Helvetica Neue", Arial, sans-serif',
        radius=0.125,
        spacing=0.2,
    ),
    "calm": Look(
        text="a calm look: soft greens, serif headings, room to breathe",
        light=Palette("#f3f6ef", "#22301f", "#fcfdf9", "#e6eddf", "#dfe8d6", "#52634c", "#c9d6bd", "#3d6b35", "#ffffff"),
        dark=Palette("#141b13", "#e4ede0", "#1b241a", "#10160f", "#28342a", "#a3b59c", "#33422f", "#93c785", "#141b13"),
        fonts='"Gill Sans", "Optima", "Candara", "Segoe UI", sans-serif',
        headings='"Palatino Linotype", Palatino, "Book Antiqua", serif',
        radius=1,
        spacing=0.27,
    ),
}  # fmt: skip
ACCENTS: Final[dict[str, tuple[str, str]]] = {
    "blue": ("#1d4ed8", "#7ba2ff"), "green": ("#15703a", "#5fd38a"), "red": ("#b91c1c", "#ff8a8a"),
    "orange": ("#b04a08", "#ffb066"), "purple": ("#7e22ce", "#c79bff"), "pink": ("#be185d", "#ff8fc0"),
    "teal": ("#0f6a63", "#5ed6c8"), "brown": ("#7c4a21", "#d9a679"), "yellow": ("#7d5a00", "#ffd75e"),
    "grey": ("#4b5563", "#c3c9d3"),
}  # fmt: skip
"""The colour of buttons and links: on a light page, and on a dark one."""
TEXT_SIZES: Final = {"small": 14, "normal": 16, "big": 19}
"""Pixels of the root's type, from which all sizes are made."""


def with_accent(palette: Palette, accent: str, *, is_dark: bool) -> Palette:
    """The palette with buttons and links of this colour; with all else as it is."""
    if not accent:
        return palette
    text = "#111111" if is_dark else "#ffffff"
    return replace(palette, primary=ACCENTS[accent][is_dark], primary_foreground=text)


def rgb(colour: str) -> str:
    """#rrggbb as a browser tells a computed colour."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def first_font(fonts: str) -> str:
    return fonts.partition(",")[0].strip('" ')
