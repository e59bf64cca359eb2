"""Dates as pages write them, to see whether one stands a day beside the one that was typed."""

import re
from datetime import date, timedelta


def a_day_beside(typed: str, shown: str) -> str:
    """The day before or after `typed` (ISO) as `shown` writes it; "" where the day itself is shown, or none
    of them is."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return ""
    if any(_stands(form, shown) for form in _forms(day)):
        return ""
    beside = (day - timedelta(days=1), day + timedelta(days=1))
    return next((form for one in beside for form in _forms(one) if _stands(form, shown)), "")


def _stands(form: str, shown: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(form)}(?!\d)", shown) is not None


def _forms(day: date) -> tuple[str, ...]:
    """Those that no other day has: short ones, such as 3/4, may be anything."""
    long, short = f"{day:%B}", f"{day:%b}"
    names = dict.fromkeys((long, short))
    told = [f"{name} {number}, {day:%Y}" for name in names for number in (day.day, f"{day:%d}")]
    told += [f"{number} {name} {day:%Y}" for name in names for number in (day.day, f"{day:%d}")]
    numeric = [f"{day.month}/{day.day}/{day:%Y}", f"{day:%m/%d/%Y}", f"{day:%d/%m/%Y}"]
    return (day.isoformat(), *told, *numeric, f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day:%Y}")
