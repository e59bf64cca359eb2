import os
from pathlib import Path

import pytest

from stackwright.verify.environment_scripts import sources
from stackwright.verify.environment_scripts.sources import SourcesUnusable, copy, digests


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "code"
    for path, text in {
        "backend/main.py": "app = 1",
        "frontend/next.config.ts": "export default {};",
        "frontend/pages/index.tsx": "page",
        "frontend/node_modules/next/package.json": "{}",
        "frontend/.next/dev/trace": "much",
        "acceptance/test_x.py": "a witness",
        "shared/words.json": "[]",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def files(root: Path) -> set[str]:
    return {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() or p.is_symlink()}


def test_the_copy_holds_the_sources_and_keeps_the_cache_of_the_build(
    workspace: Path, tmp_path: Path
) -> None:
    target = tmp_path / "proof"
    (target / "frontend/.next/cache").mkdir(parents=True)
    (target / "frontend/.next/cache/x").write_text("kept")
    (target / "frontend/pages").mkdir()
    (target / "frontend/pages/gone.tsx").write_text("of another version")
    copy(workspace, target)
    copy(workspace, target)
    assert files(target) == {
        "backend/main.py",
        "shared/words.json",
        *("frontend/next.config.ts", "frontend/next.config.app.ts", "frontend/pages/index.tsx"),
        *("frontend/node_modules", "frontend/.next/cache/x"),
    }
    assert (target / "frontend/node_modules/next/package.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("own", "wrapper", "imported"),
    [
        ("ts", "ts", '"./next.config.app"'),
        ("js", "mjs", '"./next.config.app.js"'),
        ("mjs", "mjs", '"./next.config.app.mjs"'),
        (None, "mjs", '"./next.config.app.mjs"'),
    ],
)
def test_every_kind_of_configuration_is_wrapped(
    workspace: Path, tmp_path: Path, own: str | None, wrapper: str, imported: str
) -> None:
    config = workspace / "frontend/next.config.ts"
    config.unlink() if own is None else config.rename(config.with_suffix(f".{own}"))
    copy(workspace, tmp_path / "proof")
    text = (tmp_path / f"proof/frontend/next.config.{wrapper}").read_text()
    assert f"from {imported};" in text


def test_a_link_in_the_place_of_the_copy_does_not_lead_back_to_the_sources(
    workspace: Path, tmp_path: Path
) -> None:
    target = tmp_path / "proof"
    target.mkdir()
    (target / "frontend").symlink_to(workspace / "frontend")
    copy(workspace, target)
    assert (workspace / "frontend/pages/index.tsx").read_text() == "page"
    assert not (workspace / "frontend/next.config.app.ts").exists()


def test_a_change_shows_in_the_digest_of_its_side(workspace: Path) -> None:
    before = digests(workspace)
    (workspace / "backend/main.py").write_text("app = 2")
    after = digests(workspace)
    assert (after["backend"] != before["backend"], after["frontend"]) == (True, before["frontend"])
    (workspace / "shared/words.json").write_text("[1]")
    assert digests(workspace)["frontend"] != before["frontend"]
    (workspace / "acceptance/test_x.py").write_text("another witness")
    (workspace / "frontend/.next/dev/trace").write_text("more")
    (workspace / "shared/words.json").write_text("[]")
    assert digests(workspace) == after


def test_what_would_block_or_never_end_is_left_out(workspace: Path, tmp_path: Path) -> None:
    os.mkfifo(workspace / "backend/pipe")
    (workspace / "backend/loop").symlink_to(workspace)
    copy(workspace, tmp_path / "proof")
    assert not (tmp_path / "proof/backend/pipe").exists()
    assert (tmp_path / "proof/backend/loop").is_symlink()
    assert digests(workspace) == digests(workspace)


def test_a_huge_workspace_is_refused(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 10)
    with pytest.raises(SourcesUnusable, match="holds more than"):
        digests(workspace)
