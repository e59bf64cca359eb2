from stackwright.verify.witnesses.results import read_results


def test_lines_that_are_no_results_are_passed_over() -> None:
    lines = [
        b'{"id": "test_a.py::test_b", "outcome": "passed", "writes": 2}',
        b"not json",
        b'{"id": "x"}',
        b'{"id": "x", "outcome": "passed", "folder": "../../etc"}',
        b'{"id": "x", "outcome": "passed", "steps": [{"text": "a", "picture": "../secret"}]}',
        b"[" * 100_000,
        b'{"id": "\xff::test_c", "outcome": "failed"}',
    ]
    found = read_results(b"\n".join(lines))
    assert [result.test for result in found] == ["test_b", "test_c"]
    assert found[0].passed
    assert found[0].writes == 2
