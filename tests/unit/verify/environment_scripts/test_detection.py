from pathlib import Path

import pytest

from stackwright.verify.environment_scripts.detection import detection_in


def told(tmp_path: Path, text: str, path: str = "backend/main.py") -> str:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return detection_in([file], tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        'if os.environ["MONGODB_DB"].startswith("proof_"):',
        'if os.environ["MONGODB_DB"] != "app":',
        "IS_TRIED = 'proof_' in DATABASE",
        "if (navigator.webdriver) return null;",
        'const isTried = navigator.userAgent.includes("HeadlessChrome");',
        "const isTried = /headless/i.test(navigator.userAgent);",
        'if request.headers.get("X-Proof-Setup"):',
        'if request.url.port == 18000: pass; url = "http://127.0.0.1:18000"',
        'if "/.proof/" in __file__:',
    ],
)
def test_an_app_that_asks_whether_it_is_tried_is_told_where(tmp_path: Path, text: str) -> None:
    said = told(tmp_path, f"import os\n{text}\n")
    assert said.startswith("backend/main.py:2 asks whether the app is being tried")


@pytest.mark.parametrize(
    "text",
    [
        'DATABASE = os.environ.get("MONGODB_DB") or "app"',
        "price: int = 18000",
        'proof_of_address: str = Field(title="Proof of address")',
        'fields = ["proof_of_purchase"]',
        'import { Dialog } from "@headlessui/react";',
        "order.proof = file;",
    ],
)
def test_honest_apps_are_not_suspected(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == ""


def test_tests_and_other_files_are_passed_over(tmp_path: Path) -> None:
    sign = 'os.environ["MONGODB_DB"].startswith("proof_")'
    assert told(tmp_path, sign, "backend/tests/conftest.py") == ""
    assert told(tmp_path, sign, "tools/manage.py") == ""
    assert told(tmp_path, sign, "frontend/notes.md") == ""
    assert told(tmp_path, sign * 20_000, "backend/long.py") == ""
