"""What the sandbox says of its jobs, told as a state."""

from stackwright.sandbox.jobs import _LINE, _status  # pyright: ignore[reportPrivateUsage]


def test_a_job_runs_has_ended_or_was_stopped() -> None:
    told = [_status(*given) for given in (("a", "12", ""), ("a", "", "4"), ("a", "", ""))]
    assert [(job.state, job.pid, job.detail) for job in told] == [
        ("running", 12, ""),
        ("stopped", None, "ended with exit code 4"),
        ("stopped", None, "stopped before its end"),
    ]


def test_only_what_can_be_a_job_is_read() -> None:
    assert _LINE.fullmatch("import:12:")
    for line in ("../x:1:", "a:1:xxxxx", "a:x:", "", "a" * 99 + ":1:", "Done:1:0"):
        assert _LINE.fullmatch(line) is None
