import ast
from pathlib import Path

import stackwright.db

PACKAGE = Path(stackwright.db.__file__).parent


def test_sql_text_goes_through_fetch_and_not_through_sqlalchemys_text() -> None:
    for path in sorted(PACKAGE.glob("*.py")):
        if path.name == "models.py":  # indexes are described with text()
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
                assert "text" not in {name.name for name in node.names}, path.name
