"""Commit subjects fit into a line of `git log --oneline`; the reason stands in the body."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_SUBJECT = 72
BASE = "d33a46e7cf22d3017c6264cf8e1c112aae6e1dd3"
"""Older commits are as they are."""
BASE_TIME = 1796005519


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        raise LookupError(done.stderr.strip())
    return done.stdout


def subjects_since_base() -> list[str]:
    """In a shallow clone the base is missing: there its time tells the older commits apart."""
    try:
        git("cat-file", "-e", f"{BASE}^{{commit}}")
        lines = git("log", "--format=%ct %s", f"{BASE}..HEAD").splitlines()
    except LookupError:
        lines = git("log", "--format=%ct %s").splitlines()
    commits = [line.split(" ", 1) for line in lines]
    return [subject for time, subject in commits if int(time) > BASE_TIME]


def too_long(subjects: list[str]) -> list[str]:
    return [subject for subject in subjects if len(subject) > LONGEST_SUBJECT]


def test_commit_subjects_have_at_most_72_characters() -> None:
    try:
        subjects = subjects_since_base()
    except (LookupError, FileNotFoundError) as error:
        pytest.skip(f"no Git history here: {error}")
    assert too_long(subjects) == []


def test_a_longer_subject_is_found() -> None:
    assert too_long(["x" * 72, "y" * 73]) == ["y" * 73]


def test_a_shallow_clone_is_checked_by_the_time_of_its_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "clone"
    try:
        git("clone", "-q", "--depth", "1", ROOT.as_uri(), str(clone))
        newest = git("log", "-1", "--format=%s").strip()
    except (LookupError, FileNotFoundError) as error:
        pytest.skip(f"no Git history here: {error}")
    monkeypatch.setitem(globals(), "ROOT", clone)
    monkeypatch.setitem(globals(), "BASE", "0" * 40)
    assert subjects_since_base() == [newest]
