import pytest

from stackwright.tools.editing.functions import left_out

BEFORE = "def a():\n    return 1\n\n\nclass B:\n    def c(self):\n        return 2\n"


@pytest.mark.parametrize(
    ("after", "line"),
    [
        ("def a():\n    x = 1\n    ...\n    return x\n", 3),
        ("def a():\n    ...\n", 2),
        ('def a():\n    """Docstring."""\n    ...\n', 3),
        ("class B:\n    def c(self): ...\n", 2),
        ("x = 1\n...\n", 2),
        ("if x:\n    pass\nelse:\n    y()\n    ...\n", 5),
    ],
)
def test_dots_for_code_are_found(after: str, line: int) -> None:
    assert left_out(BEFORE, after) == line


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        "def new(): ...\n",
        "class P(Protocol):\n    def c(self): ...\n",
        "@overload\ndef a(): ...\n",
        "class B(ABC):\n    @abc.abstractmethod\n    def c(self): ...\n",
        "try:\n    ...\nexcept E:\n    ...\n",
        "x: tuple[int, ...] = f(...)\n",
        "s = '''\n...\n'''\n",
        "def (:\n",
    ],
)
def test_dots_that_stand_for_nothing_are_left(after: str) -> None:
    assert left_out(BEFORE, after) is None


def test_dots_that_were_there_before_are_left() -> None:
    text = "x = 1\n...\n"

    assert left_out(text, text + "y = 2\n") is None
