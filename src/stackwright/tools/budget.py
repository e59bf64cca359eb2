"""Output budgets: what the model reads is bounded, and says how to get the rest."""

MAX_OUTPUT_CHARS = 24_000


def cut_end(text: str, limit: int = MAX_OUTPUT_CHARS, *, rest: str = "") -> str:
    """The beginning of `text`, with a last line that says what is missing and how to get it."""
    if len(text) <= limit:
        return text
    hint = f" {rest}" if rest else ""
    return f"{text[:limit]}\n[{len(text) - limit} more characters left out.{hint}]"


def cut_middle(text: str, limit: int = MAX_OUTPUT_CHARS, *, rest: str = "") -> str:
    """The beginning and the end of `text`, with a line that says what is missing."""
    if len(text) <= limit:
        return text
    half = limit // 2
    hint = f" {rest}" if rest else ""
    note = f"[{len(text) - 2 * half} characters in the middle left out.{hint}]"
    return f"{text[:half]}\n[…]\n{text[len(text) - half :]}\n{note}"
