from stackwright.projects.restore_points import (
    MAX_COMPARED_BYTES,
    _first,  # pyright: ignore[reportPrivateUsage]
)


def test_what_is_compared_fits_into_memory() -> None:
    digests = {"c.py": "3", "a.py": "1", "b.py": "2"}
    sizes = {"1": 10, "2": MAX_COMPARED_BYTES - 10, "3": 1}
    assert _first(digests, sizes) == ["a.py", "b.py"]
    assert _first({}, sizes) == []
