from stackwright.sandbox.base import CommandResult
from stackwright.verify.check import (
    MAX_DETAIL_CHARS,
    Check,
    Subject,
    Verdict,
    failed,
    judged,
    one_after_the_other,
    passed,
)


def test_a_command_is_judged_by_its_exit_status() -> None:
    assert judged(CommandResult(0, "noise", ""), "22 files").detail == "22 files"
    bad = judged(CommandResult(1, "main.py:1: bad\n", "trace\n"))
    assert (bad.ok, bad.detail) == (False, "main.py:1: bad\ntrace")


def test_a_silent_failure_and_a_timeout_say_so() -> None:
    assert "exit status 9" in judged(CommandResult(9, "", "")).detail
    assert "did not end in time" in judged(CommandResult(-1, "", "", timed_out=True)).detail


def test_a_long_detail_keeps_its_beginning_and_its_end() -> None:
    detail = failed("first\n" + "x" * 50_000 + "\nlast").detail
    assert len(detail) <= MAX_DETAIL_CHARS
    assert detail.startswith("first")
    assert "last" in detail


def test_half_characters_of_a_page_can_be_sent_on() -> None:
    assert failed("console error: \udce4!").detail == "console error: ?!"


def test_a_check_of_the_lane_waits_for_all_before_it() -> None:
    async def run(_: Subject) -> Verdict:
        return passed()

    lane = list(one_after_the_other(*(Check(name, run) for name in "abc")))
    assert [check.after for check in lane] == [(), ("a",), ("a", "b")]
    a, b, c = lane
    beside = list(one_after_the_other((a, b), c))
    assert [check.after for check in beside] == [(), (), ("a", "b")]
