from stackwright.checkpoint.reader import STRICT
from stackwright.checkpoint.values import values_in


def row(name: str, inline: object = None, stored: object = None) -> dict:
    kind, blob = STRICT.dumps_typed(stored)
    return {"name": name, "inline": inline, "type": kind, "blob": blob}


def test_values_are_read_inline_and_as_the_saver_stores_them() -> None:
    rows = [
        row("tokens_used", inline=7),
        row("files", stored=["a", "b"]),
        row("pids", stored={"mongo": 3}),
    ]
    assert values_in(rows) == {"tokens_used": 7, "files": ["a", "b"], "pids": {"mongo": 3}}


def test_what_the_thread_does_not_have_is_left_out() -> None:
    missing = {"name": "files", "inline": None, "type": None, "blob": None}
    assert values_in([missing, row("empty")]) == {}
