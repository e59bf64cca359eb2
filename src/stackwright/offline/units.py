"""Units, ranges and currencies in a field's phrase: 'in minutes', '(kg)', 'from 1 to 5'."""

import re
from dataclasses import dataclass
from typing import Final

from stackwright.offline.draft import FieldDraft
from stackwright.offline.words import word_set
from stackwright.scaffold.spec import FieldType

_WHOLE: Final = {
    "minutes": "min", "minute": "min", "mins": "min", "min": "min", "days": "days", "day": "days",
    "weeks": "weeks", "months": "months", "years": "years", "year": "years", "seconds": "s",
    "pages": "pages", "points": "points", "pieces": "pcs", "pcs": "pcs", "kcal": "kcal",
    "calories": "kcal", "bpm": "bpm", "steps": "steps", "people": "people", "persons": "people",
    "rounds": "rounds", "copies": "copies", "nights": "nights", "words": "words", "reps": "reps",
}  # fmt: skip
_MEASURED: Final = {
    "hours": "h", "hour": "h", "hrs": "h", "h": "h", "kg": "kg", "kilograms": "kg", "kilos": "kg",
    "kilogrammes": "kg", "g": "g", "grams": "g", "grammes": "g", "mg": "mg", "milligrams": "mg",
    "lb": "lb", "lbs": "lb", "oz": "oz", "ounces": "oz", "tonnes": "t", "tons": "t", "km": "km",
    "kilometers": "km", "kilometres": "km", "m": "m", "meters": "m", "metres": "m", "cm": "cm",
    "centimeters": "cm", "centimetres": "cm", "mm": "mm", "millimeters": "mm", "millimetres": "mm",
    "miles": "mi", "feet": "ft", "inches": "in", "l": "l", "liters": "l", "litres": "l", "ml": "ml",
    "millilitres": "ml", "milliliters": "ml", "cl": "cl", "percent": "%", "%": "%", "per cent": "%",
    "celsius": "°C", "°c": "°C", "degrees celsius": "°C", "degrees": "°", "fahrenheit": "°F",
    "degrees fahrenheit": "°F", "°f": "°F", "kwh": "kWh", "kw": "kW", "watts": "W", "volts": "V",
    "hectares": "ha", "ha": "ha", "acres": "acres", "square meters": "m²", "square metres": "m²",
    "sqm": "m²", "m2": "m²", "m²": "m²", "m3": "m³", "m³": "m³", "cubic meters": "m³", "cubic metres": "m³", "km/h": "km/h", "kph": "km/h", "mph": "mph", "knots": "kn",
    "ppm": "ppm", "bar": "bar", "psi": "psi", "hz": "Hz", "khz": "kHz", "mhz": "MHz", "ghz": "GHz",
    "nautical miles": "nmi", "light years": "ly", "rpm": "rpm", "db": "dB", "mah": "mAh", "ah": "Ah", "wh": "Wh", "lumens": "lm", "amps": "A", "gb": "GB", "mb": "MB", "tb": "TB", "°": "°", "sq ft": "sq ft",
    "gallons": "gal", "pints": "pt", "cups": "cups", "brix": "°Bx",
}  # fmt: skip
_MONEY: Final = {
    "euros": "€", "euro": "€", "eur": "€", "€": "€", "dollars": "$", "dollar": "$", "usd": "$",
    "$": "$", "us dollars": "$", "gbp": "£", "£": "£", "pounds sterling": "£", "pounds": "£",
    "chf": "CHF", "francs": "CHF", "yen": "¥", "¥": "¥", "jpy": "¥", "cents": "ct", "rupees": "₹",
    "inr": "₹", "₹": "₹", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "zloty": "PLN", "pln": "PLN",
}  # fmt: skip


def words_of_unit(unit: str) -> tuple[str, ...]:
    """How people write a unit that a field shows: "h" as hours, "€" as euros."""
    every = {**_WHOLE, **_MEASURED, **_MONEY}
    return tuple(word for word, known in every.items() if known == unit)


def is_unit(word: str) -> bool:
    """Whether a word says in what something is measured: 'kilometres'."""
    return word.lower() in {**_WHOLE, **_MEASURED, **_MONEY}


_UNIT = re.compile(
    r"\s*(?:\bin\s+|\(\s*(?:in\s+)?|\[\s*(?:in\s+)?)([a-z%°€$£¥₹²³/0-9 ]{1,20}?)\s*(?:\)|\]|$)",
    re.IGNORECASE,
)
_BARE = re.compile(r"\s+(%|°[cf]|€|\$|£|kg|cm|mm|km|ml|kwh)$", re.IGNORECASE)
_RANGE = re.compile(
    r"\s*[([]?\s*(?:\b(?:from|of|between|on a scale (?:from|of)|scale|range)\s+)?(-?\d{1,6}(?:\.\d{1,3})?)"
    r"\s*(?:-|\bto\b|\band\b|\bthrough\b|\.\.+)\s*(-?\d{1,6}(?:\.\d{1,3})?)(?:\s*stars?)?\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    r"\s*[([]?\s*\b(?:out of|max(?:imum)?(?: of)?|up to|of at most)\s+(\d{1,6})(?:\s*stars?|\s*points?)?\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\s*[([]?\s*\b(?:at least|min(?:imum)?(?: of)?)\s+(\d{1,6})\s*[)\]]?\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Measure:
    """A type, unit or range that a phrase spelled out."""

    type: FieldType | None = None
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None

    def apply(self, draft: FieldDraft) -> None:
        """Make `draft` a number of this kind."""
        draft.sure = True
        draft.choices, draft.default = (), None
        if self.type is not None:
            draft.type = self.type
            draft.unit = self.unit or draft.unit
        elif draft.type not in ("integer", "number", "money"):
            draft.type = "integer"
        if self.minimum is not None or self.maximum is not None:
            draft.minimum, draft.maximum = self.minimum, self.maximum
        elif (
            draft.minimum is None
            and draft.type in ("integer", "number")
            and self.unit not in ("°C", "°F", "°")
        ):
            draft.minimum = 0


def take(text: str) -> tuple[str, Measure | None]:
    """Split a trailing unit or range off a phrase."""
    found = _RANGE.search(text)
    if found and found.start() > 0 and float(found.group(1)) < float(found.group(2)):
        kind: FieldType = "number" if "." in found.group(0) else "integer"
        return text[: found.start()], Measure(
            kind, None, float(found.group(1)), float(found.group(2))
        )
    found = _OUT_OF.search(text)
    if found and found.start() > 0:
        return text[: found.start()], Measure("integer", None, 0, float(found.group(1)))
    found = _AT_LEAST.search(text)
    if found and found.start() > 0:
        return text[: found.start()], Measure(None, None, float(found.group(1)), None)
    for pattern in (_UNIT, _BARE):
        found = pattern.search(text)
        if found and re.search(r"\bper$", text[: found.start()]):
            continue
        if found and found.start() > 0 and (measure := _unit(found.group(1))):
            return text[: found.start()], measure
    return text, None


def in_unit(limits: Measure, of_unit: Measure | None) -> Measure:
    """'in percent (between 50 and 100)': the limits, in that unit."""
    if of_unit is None or of_unit.unit is None:
        return limits
    return Measure(of_unit.type, of_unit.unit, limits.minimum, limits.maximum)


def _unit(word: str) -> Measure | None:
    low = " ".join(word.lower().split())
    if low in _MONEY:
        return Measure("money", _MONEY[low])
    if low in _WHOLE:
        return Measure("integer", _WHOLE[low])
    if low in _MEASURED:
        return Measure("number", _MEASURED[low])
    return (
        Measure("number", word.strip())
        if re.fullmatch(r"[a-zµ°]{1,6}/[a-z0-9]{1,4}|°[a-z]{1,3}", low)
        else None
    )


_AMBIGUOUS: Final = word_set("h m g l t feet inches degrees bar cups pints gallons tons knots")


def measured_in(word: str) -> tuple[FieldType, str] | None:
    """(type, unit) of a field that begins with a unit, as 'hours worked' and 'pages read' do."""
    if word in _MEASURED and (len(word) > 2 or word in ("kg", "km")) and word not in _AMBIGUOUS:
        return "number", _MEASURED[word]
    return ("integer", _WHOLE[word]) if word in _WHOLE and word.endswith("s") else None


def counted_in(name: str) -> str | None:
    """The unit that a field is named by: 'litres' holds a number of litres."""
    short = len(name) < 4 and name not in ("kg", "km")
    return None if short or name in _AMBIGUOUS else _MEASURED.get(name)
