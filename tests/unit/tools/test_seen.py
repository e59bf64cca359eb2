"""What is remembered of files that the model saw."""

from stackwright.tools import seen
from stackwright.tools.seen import SeenFiles, difference, digest


def test_a_file_is_known_by_its_digest_and_its_content_until_it_is_forgotten() -> None:
    files = SeenFiles()
    files.note("a.py", b"one")
    files.note("a.py", b"two")

    found = files.find("a.py")
    assert found is not None
    assert (found.digest, found.content) == (digest(b"two"), b"two")
    files.forget("a.py")
    files.forget("a.py")
    assert files.find("a.py") is None


def test_of_large_and_of_too_many_files_only_the_digest_is_kept() -> None:
    files = SeenFiles()
    large = b"x" * (seen.MAX_KEPT_BYTES + 1)
    files.note("large", large)
    for number in range(60):
        files.note(f"{number}", b"x" * seen.MAX_KEPT_BYTES)

    kept = [each for path in files.paths() if (each := files.find(path)) and each.content]
    assert sum(len(each.content or b"") for each in kept) <= seen.MAX_KEPT_IN_ALL_BYTES
    assert len(list(files.paths())) == 61
    oldest, newest, whole = files.find("0"), files.find("59"), files.find("large")
    assert oldest is not None
    assert oldest.content is None
    assert newest is not None
    assert newest.content is not None
    assert whole is not None
    assert whole.digest == digest(large)


def test_a_difference_is_a_small_unified_diff() -> None:
    before = "".join(f"line {number}\n" for number in range(100)).encode()
    after = before.replace(b"line 50\n", b"line fifty\r\n")
    assert difference("a.txt", before, after) == (
        "--- a.txt\n+++ a.txt\n@@ -49,5 +49,5 @@\n line 48\n line 49\n-line 50\n+line fifty\n"
        " line 51\n line 52"
    )
    assert difference("a.txt", None, b"new\n").startswith("--- /dev/null\n+++ a.txt\n")
    assert difference("a.txt", b"old\n", None).endswith("\n-old")


def test_binary_and_very_long_files_are_named_only() -> None:
    assert difference("a.png", b"\0", b"\0\0") == "(binary, 1 → 2 bytes)"
    assert difference("a.txt", b"", b"x\n" * 6000) == seen.TOO_DIFFERENT
