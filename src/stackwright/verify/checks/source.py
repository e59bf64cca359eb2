"""What can be seen without running the app: it parses, lints, imports and fits its types."""

import shlex

from stackwright.verify.check import BACKEND, FRONTEND, Subject, Verdict, failed, judged

_PARSE = """
import pathlib, sys
folders = [p for p in map(pathlib.Path, ("backend", "tools")) if p.is_dir()]
skipped = {"node_modules", ".venv", "venv", "__pycache__"}
files = [f for d in folders for f in sorted(d.rglob("*.py")) if not skipped & set(f.parts)]
bad = 0
for file in files:
    try:
        compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        bad += 1
        line = getattr(error, "lineno", None) or 1
        print(f"{file}:{line}: {getattr(error, 'msg', None) or error}")
        if getattr(error, "text", None):
            print("    " + error.text.rstrip())
if not pathlib.Path("backend/main.py").is_file():
    sys.exit("There is no backend/main.py.")
print(f"{len(files)} files")
sys.exit(1 if bad else 0)
"""
_IMPORT = 'import main; main.app; print(f"{len(main.app.routes)} routes")'
_PATIENT = "nice -n 5"
"""For checks that nothing waits for: on two cores the others go first."""
_CLIENT_TOOL = "tools/generate_client.py"


async def python_parses(subject: Subject) -> Verdict:
    result = await subject.run(f"python -I -c {shlex.quote(_PARSE)}", timeout_s=30)
    return judged(result, result.stdout)


async def python_lint(subject: Subject) -> Verdict:
    """Ruff with the app's own configuration, where the template brings ruff along."""
    command = (
        "command -v ruff >/dev/null || { echo 'ruff is not installed'; exit 0; }; "
        "ruff check --output-format=concise --no-cache --quiet ."
    )
    result = await subject.run(command, cwd=BACKEND, timeout_s=30)
    return judged(result, result.stdout)


async def dependencies_listed(subject: Subject) -> Verdict:
    """What the app imports can be installed by somebody else: it is in the requirements and locks."""
    return judged(await subject.environment.unlisted_imports())


async def backend_imports(subject: Subject) -> Verdict:
    result = await subject.run(f"python -c {shlex.quote(_IMPORT)}", cwd=BACKEND, timeout_s=60)
    return judged(result, result.stdout)


async def client_in_step(subject: Subject) -> Verdict:
    result = await subject.run(
        f"test -f {_CLIENT_TOOL} || exit 3; {_PATIENT} python {_CLIENT_TOOL} --check", timeout_s=60
    )
    if result.exit_code == 3:
        return failed(f"{_CLIENT_TOOL} is missing; the client cannot be compared with the backend.")
    return judged(result, result.stdout)


_TYPES_CONFIG = f"""{{
  "extends": "{FRONTEND}/tsconfig.json",
  "include": ["{FRONTEND}/**/*.ts", "{FRONTEND}/**/*.tsx", "{FRONTEND}/**/*.mts"],
  "exclude": ["{FRONTEND}/node_modules", "{FRONTEND}/.next"]
}}"""
"""The app's own settings on the app's own sources: what `next dev` writes under `.next` names pages
that may be gone since."""


async def frontend_types(subject: Subject) -> Verdict:
    folder = "/home/user/.stackwright/types"
    result = await subject.run(
        f"mkdir -p {folder} && cat >{folder}/tsconfig.json <<'END'\n{_TYPES_CONFIG}\nEND\n"
        f"node_modules/.bin/tsc --noEmit --pretty false -p {folder}",
        cwd=FRONTEND,
        timeout_s=110,
    )
    return judged(result)


async def frontend_lint(subject: Subject) -> Verdict:
    """oxlint with the app's own configuration, where the template brings it along."""
    command = (
        "test -x node_modules/.bin/oxlint || { echo 'oxlint is not installed'; exit 0; }; "
        f"{_PATIENT} node_modules/.bin/oxlint --quiet --format=unix"
    )
    result = await subject.run(command, cwd=FRONTEND, timeout_s=60)
    return judged(result, "oxlint is not installed" if "not installed" in result.stdout else "")
