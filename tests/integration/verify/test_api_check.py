"""The API check over a backend that nobody generated: what it covers, what it finds, what it leaves."""

from collections.abc import AsyncIterator

import pytest

from fixtures.check_subjects import subject_of
from fixtures.engine import ROOT
from stackwright.sandbox import control
from stackwright.sandbox.base import WORKSPACE_ROOT, Sandbox
from stackwright.sandbox.endpoint import Endpoint
from stackwright.sandbox.http import SandboxHttp
from stackwright.sandbox.services import SandboxServices
from stackwright.sandbox.template import Ready, ServiceSpec
from stackwright.verify.check import Verdict
from stackwright.verify.checks.api import api_works
from stackwright.verify.environment import PREVIEW
from stackwright.verify.records import borrowed, read_api

pytestmark = pytest.mark.integration


@pytest.fixture
async def sandbox(endpoint: Endpoint, http: SandboxHttp) -> AsyncIterator[Sandbox]:
    made = await control.create("base", {"test": "api"}, endpoint, http, 300)
    source = (ROOT / "tests/data/foreign_api.py").read_bytes()
    await made.write({f"{WORKSPACE_ROOT}/backend/api.py": source})
    yield made
    await control.kill(made.id, endpoint)


async def checked(sandbox: Sandbox, fault: str = "") -> Verdict:
    spec = ServiceSpec(
        name="backend",
        command=f"FAULT={fault} python3 backend/api.py",
        port=8000,
        ready=Ready(path="/stats" if fault != "stats" else "/people"),
    )
    services = SandboxServices(
        sandbox, [spec], emit=lambda _: None, preview_url=lambda _: "http://unused.example"
    )
    await services.start("backend")
    return await api_works(subject_of(sandbox, PREVIEW, services))


async def test_every_resource_is_covered_or_the_reason_is_given(sandbox: Sandbox) -> None:
    verdict = await checked(sandbox)
    assert verdict.ok, verdict.detail
    everything = "created, read, listed, changed, deleted"
    assert verdict.detail.split("; ") == [
        "GET /secrets wants a login",
        f"people: {everything}",
        f"rooms: {everything}",
        "journal: not tried: nothing deletes a record",
        "secrets: wants a login, not tried",
    ]


async def test_nothing_is_left_behind(sandbox: Sandbox) -> None:
    await checked(sandbox)
    for path in ("/people", "/rooms", "/journal"):
        assert (await sandbox.request(8000, "GET", path)).body == b"[]"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("stats", "GET /stats answers HTTP 500"),
        ("bad-id", "GET /people/no-such-record answers HTTP 500"),
        ("accepts-nothing", "POST /people accepts {} although fields are required"),
        ("no-id", "POST /people answers HTTP 201 without the record and its id"),
        ("forgets", "but 'Hazel name"),
        ("keeps", "still finds the record after DELETE"),
    ],
)
async def test_a_fault_is_found_and_told(sandbox: Sandbox, fault: str, told: str) -> None:
    verdict = await checked(sandbox, fault)
    assert not verdict.ok
    assert told in verdict.detail


@pytest.mark.parametrize("protected", ["protected-writes", "protected-deletes"])
async def test_what_wants_a_login_is_left_alone_and_no_fault(
    sandbox: Sandbox, protected: str
) -> None:
    verdict = await checked(sandbox, protected)
    assert verdict.ok, verdict.detail
    assert "people: wants a login, not tried" in verdict.detail
    async with borrowed(await read_api(sandbox, PREVIEW.backend_port)) as records:
        assert records == {}
    assert (await sandbox.request(8000, "GET", "/people")).body == b"[]"


async def test_a_backend_without_a_schema_fails(sandbox: Sandbox) -> None:
    plain = (
        "import http.server as h, pathlib\n"
        "pathlib.Path('stats').touch()\n"
        "h.test(h.SimpleHTTPRequestHandler, port=8000, bind='127.0.0.1')\n"
    )
    await sandbox.write({f"{WORKSPACE_ROOT}/backend/api.py": plain.encode()})
    verdict = await checked(sandbox)
    assert "no OpenAPI schema" in verdict.detail
