"""Witnesses of the look: each measures the delivered page, with its styles."""

from collections.abc import Sequence

from stackwright.scaffold.kit_spec import LookOptions
from stackwright.scaffold.looks import ACCENTS, STYLES, first_font, rgb
from stackwright.scaffold.render import render
from stackwright.scaffold.spec import WishLink
from stackwright.scaffold.views import AppView


def look_witnesses(app: AppView, links: Sequence[WishLink]) -> dict[str, str]:
    """Links to what the look does not say are passed over."""
    use = app.spec.kit("look")
    options: LookOptions = use.settings() if use is not None else LookOptions()
    mine = [link for link in links if link.shows == "look" and _says(options, link.field)]
    if not mine:
        return {}
    is_dark = options.shown_as == "dark"
    palette = options.dark if is_dark else options.light
    text = render(
        "acceptance/test_look.py.jinja",
        app=app,
        entity=app.entities[0],
        options=options,
        links=mine,
        font=first_font(options.look.fonts),
        background=rgb(palette.background) if palette else "",
        accent=rgb(ACCENTS[options.accent][is_dark]) if options.accent else "",
    )
    return {"acceptance/test_look.py": text}


def _says(options: LookOptions, aspect: str) -> bool:
    """Whether the look has what a wish is about."""
    match aspect:
        case "style":
            return STYLES[options.style].light is not None
        case "accent" | "logo":
            return bool(getattr(options, aspect))
        case "text" | "menu":
            return True
        case "appearance":
            return options.shown_as != "auto"
        case _:
            return False
