"""Output budgets: what the model reads is bounded, and says how to get the rest."""

MAX_OUTPUT_CHARS = 24_000


def cut_middle(text: str, limit: int = MAX_OUTPUT_CHARS, *, rest: str = "") -> str:
    """The beginning and the end of `text`, with a line that says what is missing."""
    if len(text) <= limit:
        return text
    half = limit // 2
    missing = len(text) - 2 * half
    hint = f" {rest}" if rest else ""
    return f"{text[:half]}\n[… {missing} characters left out.{hint} …]\n{text[-half:]}"
