import pytest

from stackwright.scaffold.looks import ACCENTS, STYLES, Palette, first_font, rgb, with_accent

PALETTES = [
    pytest.param(palette, id=f"{name} {theme}")
    for name, look in STYLES.items()
    for theme, palette in (("light", look.light), ("dark", look.dark))
    if palette is not None
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES)
def test_text_can_be_read_on_each_ground(palette: Palette) -> None:
    for ground in (palette.background, palette.surface, palette.sidebar, palette.muted):
        assert contrast(palette.foreground, ground) >= 7
        assert contrast(palette.muted_foreground, ground) >= 4.5
    assert contrast(palette.primary, palette.primary_foreground) >= 4.5


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize("palette", PALETTES)
def test_buttons_in_another_colour_can_be_read(palette: Palette, accent: str) -> None:
    is_dark = luminance(palette.background) < 0.2
    changed = with_accent(palette, accent, is_dark=is_dark)
    assert contrast(changed.primary, changed.primary_foreground) >= 4.5
    assert contrast(changed.primary, palette.background) >= 3
    assert with_accent(palette, "", is_dark=is_dark) == palette


def test_a_colour_is_told_as_a_browser_does() -> None:
    assert rgb("#0b1020") == "rgb(11, 16, 32)"
    assert first_font('"Baloo 2", sans-serif') == "Baloo 2"
