import json
from pathlib import Path

import pytest

from stackwright.verify.environment_scripts.dependencies import problems


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    write(tmp_path, "backend/requirements.txt", "pytest\n")
    write(tmp_path, "backend/main.py", "import json\nimport models\nfrom routers import tasks\n")
    write(tmp_path, "backend/models.py", "")
    write(tmp_path, "backend/routers/tasks.py", "import pluggy\n")
    package = {"name": "frontend", "dependencies": {"next": "16.4.6", "@tanstack/react-query": "5"}}
    write(tmp_path, "frontend/package.json", json.dumps(package))
    lock = '"dependencies": {"next": "16.4.6", "@tanstack/react-query": "5",}'
    write(tmp_path, "frontend/bun.lock", lock)
    for name in package["dependencies"]:
        (tmp_path / "frontend/node_modules" / name).mkdir(parents=True)
    write(
        tmp_path,
        "frontend/pages/index.tsx",
        'import Link from "next/link";\nimport {\n  useQuery,\n} from "@tanstack/react-query";\n'
        'import type { Property } from "csstype";\nimport { cn } from "@/lib/utils";\n'
        'import fs from "node:fs";\n// import gone from "gone";\nimport "../styles/globals.css";\n',
    )
    return tmp_path


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_an_app_that_lists_what_it_imports_has_no_problem(workspace: Path) -> None:
    assert problems(workspace) == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import orjson", "backend/extra.py:1 imports orjson, but orjson is not in"),
        ("def late():\n    import yarl", "backend/extra.py:2 imports yarl, but yarl is not in"),
        ("import no_such_thing", "imports no_such_thing, which is not installed"),
        ("from no_such.thing import x", "imports no_such, which is not installed"),
    ],
)
def test_an_import_that_nobody_else_could_make_is_told(
    workspace: Path, code: str, told: str
) -> None:
    write(workspace, "backend/extra.py", code)
    (problem,) = problems(workspace)
    assert told in problem


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import no_such_thing\nexcept ImportError:\n    no_such_thing = None",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import no_such_thing",
        "from . import routers",
        "this is no python",
    ],
)
def test_what_the_code_can_do_without_is_let_through(workspace: Path, code: str) -> None:
    write(workspace, "backend/extra.py", code)
    assert problems(workspace) == []


def test_another_version_than_the_listed_one_is_told(workspace: Path) -> None:
    write(workspace, "backend/requirements.txt", "pytest==1.0\n")
    assert problems(workspace)[0].startswith("backend/requirements.txt wants pytest==1.0, but")


@pytest.mark.parametrize(
    "line", ['import x from "chart.js";', 'const x = await import("chart.js/auto");']
)
def test_a_package_that_package_json_lacks_is_told(workspace: Path, line: str) -> None:
    write(workspace, "frontend/lib/x.ts", line)
    assert problems(workspace) == [
        "frontend/lib/x.ts imports chart.js, which is not in frontend/package.json: bun add chart.js."
    ]


def test_the_aliases_of_tsconfig_are_no_packages(workspace: Path) -> None:
    write(workspace, "frontend/lib/x.ts", 'import x from "$lib/y";\nimport z from "ui/button";')
    config = '{"compilerOptions": {"paths": {"$lib/*": ["./lib/*"], "ui/*": ["./ui/*"],}}} // mine'
    write(workspace, "frontend/tsconfig.json", config)
    assert problems(workspace) == []


def test_a_lock_that_lags_behind_is_told(workspace: Path) -> None:
    write(workspace, "frontend/bun.lock", '"dependencies": {"next": "16.4.5"}')
    told = problems(workspace)
    assert told[0].startswith("bun.lock does not hold next 16.4.6 of frontend/package.json")
    assert len(told) == 2


@pytest.mark.parametrize("broken", ["", "[]", "{", "null", '{"dependencies": 3}'])
def test_a_package_json_that_is_none_is_told(workspace: Path, broken: str) -> None:
    write(workspace, "frontend/package.json", broken)
    assert "missing or no JSON object" in problems(workspace)[0]
