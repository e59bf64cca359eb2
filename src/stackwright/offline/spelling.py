"""Tolerant spelling: a slip of a known noun is that noun; another word is left alone."""

from collections.abc import Collection

from stackwright.offline.words import plural_word, singular_word, word_set


def respell(word: str, known: Collection[str]) -> str:
    """The known word that `word` is a slip of: swapped letters, one letter more, less or other."""
    if len(word) < 6 or word in known or singular_word(word) in known:
        return word
    base = singular_word(word)
    for candidate in sorted(known):
        if candidate[:1] == base[:1] and len(candidate) >= 5 and _is_slip(base, candidate):
            return plural_word(candidate) if base != word else candidate
    for candidate in sorted(known):
        many = plural_word(candidate)
        if many[:1] == word[:1] and len(many) >= 6 and sorted(many) == sorted(word):
            return many
    return word


def _is_slip(word: str, known: str) -> bool:
    if sorted(word) == sorted(known):
        return True
    if len(known) < 7 or abs(len(word) - len(known)) > 1:
        return False
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    # A changed ending is usually another word ("trainee", "trainer"), not a slip.
    if start >= len(known) - 2:
        return False
    if word[start + 1 :] == known[start + 1 :]:
        return word[start] in "aeiou" and known[start] in "aeiou"
    doubled = word[start] in word[max(0, start - 1) : start] or known[start] == known[start - 1]
    long = len(known) > 8
    return (doubled or long) and (
        word[start:] == known[start + 1 :] or word[start + 1 :] == known[start:]
    )


KNOWN_FUNCTION_WORDS = word_set(
    "should would could please create manage record through between another without within "
    "because including include having contain contains belong belongs together whether "
    "simple status keeping keeper needed assigned linked related written tracking letting "
    "letters letter planting painting planter trading training trader winter winner listen "
    "listed driven"
)
"""Words never taken for a misspelt noun."""
