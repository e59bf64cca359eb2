"""Names of packages, and what a failure to install says."""

import re

import pytest

from stackwright.tools.dependencies import _NAME, _UNREACHABLE  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    "name",
    ["pillow", "pillow==12.0.0", "uvicorn[standard]", "@tiptap/react", "nanoid@6", "x.y-z_1"],
)
def test_names_and_versions_are_taken(name: str) -> None:
    assert re.fullmatch(_NAME, name)


@pytest.mark.parametrize(
    "name",
    ["", "-r x", "a b", "a;b", "git+https://x", "/etc/passwd", "a$(x)", "a\n", "{x}", "../a"],
)
def test_anything_else_is_no_name(name: str) -> None:
    assert re.fullmatch(_NAME, name) is None


@pytest.mark.parametrize(
    "said",
    [
        "error sending request for url",
        "dns error: failed",
        "ConnectionRefused downloading",
        "tunnel error",
    ],
)
def test_a_host_without_a_registry_is_known(said: str) -> None:
    assert _UNREACHABLE.search(said)
