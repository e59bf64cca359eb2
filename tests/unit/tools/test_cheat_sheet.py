"""What the prompt says of a template's own parts."""

from pathlib import Path

from stackwright.tools.cheat_sheet import MAX_SIGNATURES_CHARS, signatures, with_signatures

TEMPLATE = Path(__file__).parents[3] / "templates/next-fast-mongo-pre-v2"
BUTTON = """\
const SIZES = { md: "h-9", sm: "h-8" };
interface Look { size?: keyof typeof SIZES; /** Loud. */ isLoud?: boolean }
interface Props extends Look { children: ReactNode }
function inner() {}
export function Button({ size, ...props }: ComponentProps<"button"> & Look) { return null; }
export function Card({ children }: Props) { return null; }
export type Kind = keyof typeof SIZES;
"""
STORE = """\
LIMIT = 3
Name = Annotated[str, Field(max_length=3)]
class Gone(Exception):
    def __init__(self, label: str) -> None: ...
class Store(Generic[R]):
    model_config = {}
    owner: str
    async def get(self, key: Annotated[str, Query(max_length=3)] = "") -> R: ...
    def _hidden(self) -> None: ...
def of(name: str) -> Store[R]: ...
"""


def test_components_are_told_with_their_props() -> None:
    assert signatures("button.tsx", BUTTON) == [
        'Button(ComponentProps<"button"> & { size?: "md" | "sm"; isLoud?: boolean })',
        "Card({ children: ReactNode } & Look)",
        'type Kind = "md" | "sm"',
    ]


def test_helpers_are_told_with_what_others_may_use() -> None:
    assert signatures("store.py", STORE) == [
        "Name = str",
        "class Gone(Exception) {new(label: str)}",
        "class Store(Generic[R]) {owner: str; async get(key: str='') -> R}",
        "of(name: str) -> Store[R]",
    ]


def test_the_prompt_has_the_signatures_of_the_template_within_its_budget() -> None:
    usage = (TEMPLATE / "usage.md").read_text()
    told = with_signatures(usage, TEMPLATE)
    assert "{signatures:" not in told
    assert 'variant?: "primary" | "outline" | "ghost" | "danger"' in told
    assert "Dialog({ title: string; description?: string; onClose: () => void" in told
    assert "async create(body: Input) -> R" in told
    assert "class RecordMissing(Exception) {new(label: str)}" in told
    assert len(told) - len(usage) < MAX_SIGNATURES_CHARS - 400, "about 1,500 tokens"
    named = usage.partition("{signatures:")[2].partition("}")[0].split()
    assert [path for path in named if f"\n{path}: " not in told] == []


def test_a_file_that_is_gone_and_a_text_without_a_mark_are_no_fault(tmp_path: Path) -> None:
    assert with_signatures("{signatures: a.py}\nrest", tmp_path) == "\nrest"
    assert with_signatures("rest", tmp_path) == "rest"
