"""Wishes about the look, in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match
from typing import Any, Final

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.places import with_kit
from stackwright.scaffold.kit_spec import LookOptions
from stackwright.scaffold.looks import ACCENTS, STYLES
from stackwright.scaffold.spec import AppSpec

_STYLES: Final = {
    "midnight": r"dark(?:er)?|black|night|midnight|neon|glowing|futuristic|cyber\w*|hacker",
    "newspaper": r"newspaper|news ?paper|magazine|gazette|serif|old[- ]fashioned|vintage|retro|classic|book|printed",
    "playful": r"playful|fun|funny|cheerful|colou?rful|childlike|kids?|children|cute|happy|friendly|comic|cartoon|rounder|rounded",
    "compact": r"compact|dense|denser|tight|professional|business|serious|corporate|office|spreadsheet|technical",
    "calm": r"calm|calmer|soft|softer|natural|nature|relaxed|relaxing|gentle|quiet|elegant|minimal\w*|warm(?:er)?|earthy?|organic|airy|spa|zen",
    "plain": r"plain|normal|default|standard|original|usual",
}  # fmt: skip
_COLOURS: Final = {**{name: name for name in ACCENTS}, "gray": "grey", "violet": "purple", "turquoise": "teal", "navy": "blue", "gold": "yellow"}  # fmt: skip
_IT: Final = r"(?:it|this|that|everything|all|(?:the |my |this )?(?:app|site|website|page|pages|design|look|style|theme|whole thing|application)(?: itself)?)"
_MAKE: Final = rf"(?:(?:please |can you |could you )?(?:make|turn|paint|style|design|change|switch|give|set) {_IT}(?: to| into)?|{_IT} (?:(?:should|must|could|has to|needs to) (?:be|look|have|feel)|to (?:be|look))|(?:go )?back to|(?:i|we)(?:'d| would)? (?:want|like|prefer|need|love)(?: {_IT}(?: to be| to look)?| an?)?|use|add|with|in)"
_LOOKS: Final = r"(?: look| looks| feel| be| nice| simple| more| a bit| a little| much| very| really| all| completely| like| as| in| an?| the| some)*"
_END: Final = r"(?: look| looks| style| theme| design| feel| feeling| colou?rs?| layout| version| tones?| again)*"


def _changed(spec: AppSpec, aspect: str, told: str, **options: Any) -> Made | None:
    """The look with these options; what it said before stays."""
    before = spec.kit("look")
    merged = {**(before.options if before else {}), **options}
    defaults = LookOptions().model_dump()
    kept = {name: value for name, value in merged.items() if value != defaults[name]}
    return with_kit(spec, "look", kept or None), Built(told, "look", "", aspect)


def _style(name: str) -> Form:
    named = rf"(?:{_STYLES[name]}) (?:look|style|theme|design|layout|mode)(?: please)?"
    several = rf"(?:{_STYLES[name]})(?:(?:,|,? and|,? with) (?:{_STYLES[name]})){{0,3}}"
    pattern = (
        rf"^(?:(?:{_MAKE}{_LOOKS}|an?(?: nice| simple| pretty)?|more) ?{several}{_END}|{named})$"
    )
    text = f"It looks {STYLES[name].text if name == 'plain' else f'“{name}”: {STYLES[name].text}'}."

    def make(spec: AppSpec, found: Match[str]) -> Made | None:
        del found
        keeps: dict[str, Any] = (
            {"accent": "", "appearance": "", "menu": "", "text": "normal"}
            if name == "plain"
            else {"appearance": ""}
        )
        return _changed(spec, "style", text, style=name, **keeps)

    return re.compile(pattern, re.IGNORECASE), make


def _accent(spec: AppSpec, found: Match[str]) -> Made | None:
    name = _COLOURS[found["colour"].lower()]
    return _changed(spec, "accent", f"Buttons and links are {name}.", accent=name)


def _text(spec: AppSpec, found: Match[str]) -> Made | None:
    is_big = re.match(r"big|large|huge", found["size"], re.IGNORECASE)
    size = "big" if is_big else "normal" if found["size"].lower().startswith("normal") else "small"
    return _changed(spec, "text", f"All text is {size}.", text=size)


def _too(spec: AppSpec, found: Match[str]) -> Made | None:
    """'The text is too small.'"""
    size = "small" if found["too"].lower() in ("big", "large", "huge") else "big"
    return _changed(spec, "text", f"All text is {size}.", text=size)


def _menu(spec: AppSpec, found: Match[str]) -> Made | None:
    place = "top" if re.search(r"top|above", found["place"], re.IGNORECASE) else "side"
    where = "on top" if place == "top" else "at the side"
    return _changed(spec, "menu", f"The menu is {where}.", menu=place)


def _light(spec: AppSpec, found: Match[str]) -> Made | None:
    del found
    before = spec.kit("look")
    style = before.options.get("style", "plain") if before else "plain"
    told = "Pages open in light colours."
    kept = "plain" if style == "midnight" else style
    return _changed(spec, "appearance", told, style=kept, appearance="light")


def _logo(spec: AppSpec, found: Match[str]) -> Made | None:
    logo = found["logo"].strip(" \"'\u201c\u201d")
    if not 0 < len(logo) <= 4:
        return None
    return _changed(spec, "logo", f"{logo} stands before the name.", logo=logo)


_MENU: Final = r"(?:(?:the|a|my) )?(?:main )?(?:menu|navigation|nav|nav ?bar|menu bar|side ?bar)"
_SIZE: Final = r"(?P<size>big(?:ger)?|large(?:r)?|huge|small(?:er)?|tiny|normal)"
_LETTERS: Final = r"(?:text|font|fonts|letters|type|writing|font size|text size)"
FORMS: Final[tuple[Form, ...]] = (
    *(_style(name) for name in _STYLES),
    *(
        (re.compile(pattern, re.IGNORECASE), make)
        for pattern, make in (
            (rf"^(?:{_MAKE}{_LOOKS}|an?) ?(?:(?:dark|light|bright|deep) )?(?P<colour>{'|'.join(_COLOURS)})(?:er|ish)?{_END}(?: instead)?$", _accent),
            (rf"^(?:make |paint |change |turn )?(?:the |all )?(?:buttons?|links?|accent|main colou?r|primary colou?r|colou?rs?|colou?r of (?:the )?(?:buttons?|app))(?: and (?:links|buttons))? (?:to |into |be |in |is |are |should be |must be )?(?P<colour>{'|'.join(_COLOURS)})$", _accent),
            (rf"^(?:please )?(?:(?:make|set|use|with|i want|we need|i need|show|have) )?(?:an?|the|all(?: the)?|much|even|some)? ?{_SIZE} {_LETTERS}(?: please)?$", _text),
            (rf"^(?:please )?(?:make|set|turn) (?:the |all(?: the)? )?{_LETTERS} (?:a bit |much |a little )?{_SIZE}$", _text),
            (rf"^(?:the |my )?{_LETTERS} (?:is|are) (?:much |far |a bit )?too (?P<too>small|tiny|little|big|large|huge)$", _too),
            (rf"^(?:please )?(?:put|move|place|have|show|set|i want|we want|bring) {_MENU} (?:back )?(?P<place>(?:on|at|to|above|in)(?: the)? ?(?:top|side|left|content)?(?: of (?:the|each|every) page)?)$", _menu),
            (rf"^(?:{_MAKE}{_LOOKS}) ?(?:light(?:er)?|bright(?:er)?|white){_END}$", _light),
            (r"^(?:use|put|set|show|add|make|with) (?:the |an? )?(?P<logo>\S{1,4}|[\"'\u201c][^\"'\u201d]{1,4}[\"'\u201d]) (?:as|for) (?:the |our |a |an )?(?:logo|icon)$", _logo),
        )
    ),
)  # fmt: skip


def is_about_look(statement: str) -> bool:
    """Whether a whole sentence says how the application looks, and nothing else."""
    plain = " ".join(statement.strip(" .;,!").split())
    return _LOOK_LIST.match(plain) is not None or any(form.search(plain) for form, _ in FORMS)


_LOOK_LIST: Final = re.compile(
    r"(?:also|and|please|with|i want|i'd like|we want|we'd like|give it|it needs|[ ,])*(?:an?|the) (?:[\w-]+ ){0,3}(?:look|design|style|theme|look and feel)(?: and feel)? ?[:(-]",
    re.IGNORECASE,
)
"""'A nice Nordic look: white, lots of air' lists no fields."""
