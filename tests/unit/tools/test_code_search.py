"""The command that a search becomes."""

import shlex

from stackwright.tools.code_search import SearchCode, _grep  # pyright: ignore[reportPrivateUsage]


def words(**arguments: object) -> list[str]:
    return shlex.split(_grep(SearchCode.model_validate(arguments), "backend"))


def test_patterns_and_globs_are_quoted() -> None:
    found = words(pattern='it\'s "$(touch x)"', glob="*'.py")
    assert found[-4:] == ["-e", 'it\'s "$(touch x)"', "--", "backend"]
    assert "--include=*'.py" in found


def test_options_are_there_only_when_asked_for() -> None:
    assert not {"-i", "-C3"} & set(words(pattern="x"))
    assert {"-i", "-C3"} <= set(words(pattern="x", context_lines=3, ignore_case=True))
