"""English words: singular and plural, snake_case names, labels, and tolerant spelling.

Nothing here knows about applications; `lexicon` does.
"""

import re
import unicodedata


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


_IRREGULAR = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "foot": "feet",
    "tooth": "teeth", "goose": "geese", "mouse": "mice", "ox": "oxen", "leaf": "leaves",
    "loaf": "loaves", "knife": "knives", "wife": "wives", "life": "lives", "shelf": "shelves",
    "half": "halves", "calf": "calves", "wolf": "wolves", "thief": "thieves", "scarf": "scarves",
    "hive": "hives", "dive": "dives", "drive": "drives", "archive": "archives",
    "hero": "heroes", "potato": "potatoes", "tomato": "tomatoes", "echo": "echoes",
    "cargo": "cargoes", "torpedo": "torpedoes", "analysis": "analyses", "thesis": "theses",
    "hypothesis": "hypotheses", "diagnosis": "diagnoses", "crisis": "crises", "axis": "axes",
    "basis": "bases", "criterion": "criteria", "phenomenon": "phenomena", "datum": "data",
    "medium": "media", "bacterium": "bacteria", "curriculum": "curricula", "cactus": "cacti",
    "fungus": "fungi", "index": "indexes", "matrix": "matrices", "appendix": "appendices",
    "quiz": "quizzes", "bus": "buses", "gas": "gases", "lens": "lenses", "iris": "irises",
    "die": "dice", "movie": "movies", "cookie": "cookies", "zombie": "zombies", "pie": "pies",
    "tie": "ties", "calorie": "calories", "selfie": "selfies", "brownie": "brownies",
    "smoothie": "smoothies", "rookie": "rookies", "hoodie": "hoodies", "eye": "eyes",
    "cache": "caches", "ache": "aches", "toothache": "toothaches", "headache": "headaches",
    "axe": "axes", "shoe": "shoes", "canoe": "canoes", "toe": "toes", "horseshoe": "horseshoes",
    "sheaf": "sheaves", "wharf": "wharves", "passerby": "passersby", "yes": "yeses",
    "canvas": "canvases", "atlas": "atlases", "alias": "aliases", "bias": "biases",
    "pancreas": "pancreases", "christmas": "christmases", "virus": "viruses",
    "niche": "niches", "avalanche": "avalanches", "psyche": "psyches", "piece": "pieces",
    "cafe": "cafes", "chef": "chefs", "roof": "roofs", "belief": "beliefs", "chief": "chiefs",
    "brief": "briefs", "proof": "proofs", "staff": "staff", "cliff": "cliffs",
}  # fmt: skip
_SINGULAR = {many: one for one, many in _IRREGULAR.items()} | {
    "indices": "index",
    "persons": "person",
}

UNCOUNTABLE = word_set(
    "equipment information furniture luggage feedback inventory stock software hardware "
    "news series species sheep fish deer aircraft spacecraft music money staff personnel "
    "homework housework knowledge weather advice data media cattle poultry clothing jewelry "
    "jewellery merchandise livestock produce attendance progress maintenance machinery "
    "research mail evidence traffic salmon trout offspring swine"
)
"""Words that look the same for one and for many."""

_LOOKS_PLURAL = word_set(
    "bus gas lens iris status bonus campus virus census basis analysis diagnosis thesis "
    "canvas atlas alias class address business process access glass grass boss dress press "
    "mass cross loss progress fitness illness wellness brass chess express success tennis "
    "always previous various famous its this is was has as us plus minus less across gps "
    "ios yes apparatus corpus cactus fungus genus focus locus radius stimulus syllabus "
    "nexus chorus axis pancreas christmas bias mattress princess actress waitress compass "
    "bypass series species news diabetes rabies physics mathematics maths athletics "
    "gymnastics electronics politics logistics ethics economics chaos cosmos ethos pathos "
    "thermos rhinoceros kudos asparagus hummus octopus platypus walrus citrus hibiscus "
    "crocus lotus papyrus surplus sinus versus dns css sms aws sas pos sos vs cms gis "
    "headquarters"
)

# A dictionary of -se/-ze/-che words is not needed: only these endings make "-es" one syllable more.
_ADDS_ES = re.compile(r"(?:s|x|z|ch|sh)$")


_NOT_MEN = word_set("specimen regimen abdomen acumen stamen ramen semen bitumen")


def singular_word(word: str) -> str:
    """The singular of one lower-case word; a singular comes back unchanged."""
    if word in UNCOUNTABLE or word in _LOOKS_PLURAL or word in _IRREGULAR:
        return word
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word.endswith("men") and len(word) > 5 and word not in _NOT_MEN:
        return word[:-2] + "an"
    if len(word) <= 2 or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:sses|xes|ches|shes|zzes|buses|tuses|nuses)$", word):
        return word[:-2]
    if word.endswith("oes") and len(word) > 4:
        return word[:-2]
    if re.search(r"[^aeiou]us$|[aeiou]us$|is$", word) and not word.endswith(
        ("menus", "gurus", "emus", "skis", "taxis", "alibis", "kiwis", "bonsais")
    ):
        return word
    return word[:-1]


_NOT_A_MAN = word_set("human german roman talisman ottoman shaman caiman")


def plural_word(word: str) -> str:
    """The plural of one lower-case singular word."""
    if word in UNCOUNTABLE:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if re.search(r"(?:[^aeiou]|qu)y$", word):
        return word[:-1] + "ies"
    if word.endswith("sis"):
        return word[:-2] + "es"
    if word.endswith(("person", "child", "man")) and word not in _NOT_A_MAN:
        stem = next(s for s in ("person", "child", "man") if word.endswith(s))
        return word[: -len(stem)] + _IRREGULAR[stem]
    return word + ("es" if _ADDS_ES.search(word) else "s")


def is_plural(word: str) -> bool:
    """Whether a word reads as many things; an uncountable noun does."""
    low = word.lower()
    if low in UNCOUNTABLE:
        return low not in ("status", "progress")
    return singular_word(low) != low


def ascii_words(text: str) -> list[str]:
    """Lower-case ASCII words of a phrase: accents folded, apostrophes dropped."""
    plain = unicodedata.normalize(
        "NFKD", text.replace("&", " and ").replace("\N{LATIN SMALL LETTER SHARP S}", "ss")
    ).lower()
    plain = re.sub(r"['\N{RIGHT SINGLE QUOTATION MARK}]s?\b", "", plain)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", plain)


def snake(phrase: str) -> str:
    """A valid field or entity name for a phrase, or '' when it holds no letter."""
    words = ascii_words(phrase)
    while words and not words[0][0].isalpha():
        words = words[1:]
    name = ""
    for word in words:
        longer = f"{name}_{word}" if name else word
        if len(longer) > 48:
            break
        name = longer
    return name or (words[0][:48] if words else "")


def singular(phrase: str) -> str:
    """The snake_case singular of a noun phrase: 'Line items' -> 'line_item'."""
    head, _, last = snake(phrase).rpartition("_")
    one = singular_word(last)
    return f"{head}_{one}" if head else one


def plural(name: str) -> str:
    """The snake_case plural of a snake_case singular."""
    head, _, last = name.rpartition("_")
    many = plural_word(last)
    return f"{head}_{many}" if head else many


_ACRONYMS = word_set(
    "id url isbn vin sku crm api pdf iban vat gps dob abv bpm iq gpa qr cv hr dj tv pr it"
)


def label(name: str) -> str:
    """What people read for a snake_case name: 'due_date' -> 'Due date', 'isbn' -> 'ISBN'."""
    words = [w.upper() if w in _ACRONYMS and w != "it" else w for w in name.split("_") if w]
    text = " ".join(words)
    return (text[:1].upper() + text[1:])[:80]


def title_case(phrase: str) -> str:
    """A title in capitals at word starts; small words stay small, capitals given are kept."""
    small = {"a", "an", "the", "of", "for", "and", "in", "on", "to", "with", "or", "at", "by"}
    words = phrase.split()
    done: list[str] = []
    for place, word in enumerate(words):
        low = word.lower()
        if low in _ACRONYMS and low != "it":
            done.append(low.upper())
        elif place and low in small:
            done.append(low)
        else:
            done.append(word[:1].upper() + word[1:])
    return " ".join(done)[:80]
