import json

from stackwright.verify.checks.preview import (
    _Styles,  # pyright: ignore[reportPrivateUsage]
    difference,
    issues_in,
)

ISSUE = {"severity": "error", "filePath": "pages/index.tsx", "title": "Module not found"}


def told(issues: object) -> str:
    text = json.dumps({"issues": issues})
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"content": [{"text": text}]}})


def test_issues_are_read_from_an_event_stream_and_from_plain_json() -> None:
    assert issues_in(f"event: message\ndata: {told([ISSUE])}\n\n".encode()) == [ISSUE]
    assert issues_in(told([ISSUE]).encode()) == [ISSUE]


def test_an_answer_of_another_kind_holds_no_issues() -> None:
    for body in (b"", b"\xff", b"[]", b"data: 3", told("none").encode(), told([1]).encode()):
        assert issues_in(body) == []


def test_styles_that_lack_something_differ_and_more_do_not() -> None:
    built = _Styles({"--primary": "rgb(1, 2, 3)"}, frozenset({"p-4"}))
    more = _Styles({"--primary": "rgb(1, 2, 3)", "--old": "1"}, frozenset({"p-4", "old"}))
    assert difference(more, built) == ""
    assert difference(_Styles(more.values, frozenset()), built) == "they lack the classes p-4"
    other = _Styles({"--primary": "red"}, built.classes)
    assert difference(other, built) == "another value of --primary"
