"""The small words of questions and relative clauses, and what some of them ask for."""

from typing import Final

from stackwright.offline.words import word_set

PRONOUNS: Final = word_set("it they he she i we you this these each everybody everyone")
DEFINITE: Final = word_set("the their its his her our my your")
DETERMINERS: Final = DEFINITE | word_set("a an each every any one")
BE: Final = word_set("is are was were be been being get gets got to am")
MODALS: Final = word_set(
    "would can could may might must should will need needs want wants has have had do does did"
)
"""Kept in a name when no participle follows: 'needs food', 'can swim'."""
ADVERBS: Final = word_set(
    "already still currently yet now ever also always just usually normally actually really exactly not"
)
OBJECTS: Final = word_set("it them him her us me each one this that too yet again or not")
PARTICLES: Final = word_set("in out up back off over down on away")
QUESTIONS: Final = word_set("whether if when where who whom whose how what which that")
FLAGS: Final = word_set(
    "a an the flag checkbox tick tickbox box note info information field mark yes/no boolean"
)
DAYS: Final = word_set("date day time year month hour")
PLACES: Final = word_set("place shelf room spot box drawer town city country village")
PAID: Final = word_set("price amount cost sum fee money total hours")
ANYBODY: Final = word_set("person one somebody someone man woman")
VAGUE: Final = word_set("made done")
STAYS: Final = word_set(
    "kept stored located hanging standing shelved parked put hangs hang stands stand lives live sits sit lies lie goes go belongs grows grow"
)
OWNED: Final = word_set("hold use keep own borrow write teach drive")
PAST: Final = {
    "took": "taken", "wrote": "written", "gave": "given", "saw": "seen", "drove": "driven", "wore": "worn",
    "did": "done", "ate": "eaten", "flew": "flown", "rode": "ridden", "grew": "grown", "drew": "drawn",
    "chose": "chosen", "threw": "thrown", "got": "received",
}  # fmt: skip
"""'the time I took it' is the time taken."""
MEASURES: Final = {
    "old": "age", "often": "frequency", "long": "duration in minutes", "heavy": "weight", "tall": "height",
    "high": "height", "deep": "depth", "wide": "width", "big": "size", "large": "size", "far": "distance",
    "fast": "speed", "hot": "temperature", "warm": "temperature", "thick": "thickness",
}  # fmt: skip
COSTS: Final = {
    "paid": "price paid (money)", "charged": "price charged (money)", "earned": "amount earned (money)", "spent": "price paid (money)", "cost": "price (money)", "costs": "price (money)",
    "weigh": "weight", "weighs": "weight", "weighed": "weight",
}  # fmt: skip
"""What 'how much it …' and 'what it …' ask for."""
HOW: Final = {
    "feel": "mood", "feels": "mood", "felt": "mood", "went": "outcome", "goes": "outcome", "turned": "outcome",
}  # fmt: skip
