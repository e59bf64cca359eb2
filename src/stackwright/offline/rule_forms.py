"""Rules whose words have to stand in order. What a few key words tell is in `rule_intents`."""

import re

from stackwright.offline.asked import Form
from stackwright.offline.rule_words import NUMBER
from stackwright.offline.time_rules import deadline, lasts

FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (r"^(?:(?:an?|each|every|the|all) )?(?:(?P<kind>[\w -]{1,60}?) )??(?:always )?(?:takes?|lasts?|is|are)(?: about| always| exactly)? (?P<number>\d{1,4}) (?P<unit>minutes?|mins?|hours?)(?: long)?$", lasts),
        (rf"^(?P<verb>.+?) (?:only )?(?:until|till|up to|no later than|at least) (?P<number>{NUMBER}) (?P<unit>hour|day|week)s? before(?: the)? ?(?P<moment>[\w -]*)$", deadline),
    )
)  # fmt: skip
