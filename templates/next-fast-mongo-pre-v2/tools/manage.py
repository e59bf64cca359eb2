"""`python tools/manage.py setup|test|run`: called by the Makefile. Needs Python and Node only."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}: make PYTHON=…")

import os
import re
import secrets
import shutil
import socket
import tempfile
from pathlib import Path

from installing import (
    ACCEPTANCE,
    BACKEND,
    FRONTEND,
    ROOT,
    install_acceptance,
    install_backend,
    install_database,
    install_frontend,
    python_of,
)
from programs import Failed, Ports, Programs, end_on_signals, say

NEXT = ["node", "node_modules/next/dist/bin/next"]
QUIET = {"NEXT_TELEMETRY_DISABLED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
NO_TESTS = 5
"""pytest's exit code when it found none."""
DROP = """
import sys, pymongo
_, url, name = sys.argv
pymongo.MongoClient(url, serverSelectionTimeoutMS=5000).drop_database(name)
"""


def setup(programs: Programs) -> None:
    install_backend(programs)
    install_acceptance(programs)
    install_frontend(programs)
    if not os.environ.get("MONGODB_URL") and shutil.which("mongod") is None:
        install_database(programs)


def test(programs: Programs, scratch: Path) -> None:
    """Raises Failed unless everything passed."""
    setup(programs)
    ports = Ports("database", "backend", "frontend", "mail")
    foreign = os.environ.get("MONGODB_URL")
    folder = scratch / "database"
    url = foreign or start_database(programs, ports.give("database"), folder)
    database = f"test_{secrets.token_hex(6)}"
    try:
        with Programs(scratch) as app:
            failed = try_all(app, ports, {**QUIET, "MONGODB_URL": url, "MONGODB_DB": database})
    finally:
        if foreign:
            programs.run([str(python_of("backend")), "-c", DROP, url, database], ROOT)
        # Next has written the address of this backend into the build: nobody may start it later.
        (FRONTEND / ".next/BUILD_ID").unlink(missing_ok=True)
    if failed:
        raise Failed(f"Failed: {', '.join(failed)}.")
    say("All passed.")


def try_all(programs: Programs, ports: Ports, variables: dict[str, str]) -> list[str]:
    """What failed of the two kinds of tests."""
    say("Backend tests")
    pytest = [str(python_of("backend")), "-m", "pytest"]
    backend = programs.run(pytest, BACKEND, variables)
    serve(programs, ports, variables)
    say("Every wish, in a browser (acceptance/)")
    pytest = [str(python_of("acceptance")), "-m", "pytest", "-vv", "--tb=short"]
    acceptance = programs.run(
        pytest,
        ACCEPTANCE,
        {
            **variables,
            "WITNESS_ORIGIN": f"http://127.0.0.1:{ports.numbers['frontend']}",
            "WITNESS_DATABASE": variables["MONGODB_DB"],
            "WITNESS_SMTP_PORT": str(ports.give("mail")),
        },
    )
    failed: list[str] = []
    for name, code in (("backend tests", backend), ("acceptance", acceptance)):
        if code == NO_TESTS:
            say(f"{name}: there are none")
        elif code != 0:
            failed.append(name)
    if acceptance not in (0, NO_TESTS):
        say(f"The backend said at the end:{programs.said('backend')}")
    return failed


def serve(programs: Programs, ports: Ports, variables: dict[str, str]) -> None:
    """The app as in production."""
    numbers = ports.numbers
    address = {"BACKEND_URL": f"http://127.0.0.1:{numbers['backend']}"}
    say("Production build")
    if programs.run([*NEXT, "build"], FRONTEND, {**QUIET, **address}) != 0:
        raise Failed("The frontend cannot be built; see above.")
    say("Starting the app")
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(numbers["mail"])}
    server = uvicorn(ports.give("backend"))
    programs.start("backend", server, BACKEND, {**variables, **mail})
    programs.wait_for("backend", numbers["backend"], "/api/health")
    command = [*NEXT, "start", "--hostname", "127.0.0.1", "--port", str(ports.give("frontend"))]
    programs.start("frontend", command, FRONTEND, {**QUIET, **address})
    programs.wait_for("frontend", numbers["frontend"], "/")


def run(programs: Programs) -> None:
    """For development, until Ctrl-C. Records stay."""
    frontend, backend = free_port("PORT", 3000), free_port("BACKEND_PORT", 8000)
    setup(programs)
    variables = dict(QUIET)
    if not (os.environ.get("MONGODB_URL") or is_in_env_file("MONGODB_URL")):
        port = Ports("database").give("database")
        variables["MONGODB_URL"] = start_database(programs, port, ROOT / ".mongo")
    programs.start("backend", [*uvicorn(backend), "--reload"], BACKEND, variables, is_shown=True)
    programs.wait_for("backend", backend, "/api/health")
    address = {"BACKEND_URL": f"http://127.0.0.1:{backend}"}
    command = [*NEXT, "dev", "--port", str(frontend)]
    programs.start("frontend", command, FRONTEND, {**QUIET, **address}, is_shown=True)
    programs.wait_for("frontend", frontend, "/")
    say(f"The app: http://localhost:{frontend} (Ctrl-C ends it)")
    raise Failed(f"The {programs.wait_for_any()} ended by itself.")


def start_database(programs: Programs, port: int, folder: Path) -> str:
    """The address of a MongoDB server that keeps its data in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.which("mongod"):
        command = ["mongod", "--quiet", "--bind_ip", "127.0.0.1", "--port", str(port)]
        command += ["--dbpath", str(folder)]
    else:
        command = [str(python_of("mongodb").parent / "secantusd-py"), "--host", "127.0.0.1"]
        command += ["--port", str(port), "--storage-path", str(folder), "--standalone"]
        command += ["--log-level", "WARNING", "--oplog-max-entries", "1000"]
    programs.start("database", command, ROOT, {})
    programs.wait_for("database", port)
    return f"mongodb://127.0.0.1:{port}"


def uvicorn(port: int) -> list[str]:
    python = str(python_of("backend"))
    limit = ["--timeout-graceful-shutdown", "2", "--timeout-keep-alive", "60"]
    return [python, "-m", "uvicorn", "main:app", "--host", "127.0.0.1", "--port", str(port), *limit]


def free_port(name: str, default: int) -> int:
    port = int(os.environ.get(name) or default)
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            raise Failed(f"Port {port} is taken. Choose another: {name}=… make run") from None
    return port


def is_in_env_file(name: str) -> bool:
    file = BACKEND / ".env"
    return file.is_file() and bool(
        re.search(rf"^\s*{name}\s*=\s*\S", file.read_text(errors="replace"), re.MULTILINE)
    )


def main() -> None:
    end_on_signals()
    scratch = Path(tempfile.mkdtemp(prefix="app-test-"))
    try:
        with Programs(scratch) as programs:
            wanted = sys.argv[1:]
            if wanted == ["setup"]:
                setup(programs)
            elif wanted == ["test"]:
                test(programs, scratch)
            elif wanted == ["run"]:
                run(programs)
            else:
                raise Failed("Say setup, test or run.")
    except Failed as failure:
        sys.exit(f"==> {failure}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
