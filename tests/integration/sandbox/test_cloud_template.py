import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from stackwright.engine.templates.spec import ALWAYS_EXCLUDED, load_template
from stackwright.sandbox.cloud_template import CloudTemplate
from stackwright.sandbox.endpoint import Endpoint

DEFAULT = Path(__file__).parents[3] / "templates/next-fast-mongo-pre-v2"


class Builder:
    """The five routes that E2B's SDK builds a template with."""

    def __init__(self, *, status: str = "ready") -> None:
        self.status = status
        self.asked: dict[str, Any] = {}
        self.built: dict[str, Any] = {}
        self.uploads: dict[str, list[str]] = {}
        app = web.Application()
        app.router.add_post("/v3/templates", self._create)
        app.router.add_get("/templates/t1/files/{hash}", self._link)
        app.router.add_put("/upload/{hash}", self._upload)
        app.router.add_post("/v2/templates/t1/builds/b1", self._build)
        app.router.add_get("/templates/t1/builds/b1/status", self._status)
        self.server = TestServer(app)

    async def _create(self, request: web.Request) -> web.Response:
        assert request.headers["X-API-KEY"] == "e2b_key"
        self.asked = await request.json()
        answer = {"templateID": "t1", "buildID": "b1", "public": False}
        return web.json_response(answer | {"names": [], "tags": [], "aliases": []}, status=202)

    async def _link(self, request: web.Request) -> web.Response:
        url = self.server.make_url(f"/upload/{request.match_info['hash']}")
        return web.json_response({"present": False, "url": str(url)}, status=201)

    async def _upload(self, request: web.Request) -> web.Response:
        content = gzip.decompress(await request.read())
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            self.uploads[request.match_info["hash"]] = archive.getnames()
        return web.Response()

    async def _build(self, request: web.Request) -> web.Response:
        self.built = await request.json()
        return web.Response(status=202)

    async def _status(self, request: web.Request) -> web.Response:
        del request
        about = {"templateID": "t1", "buildID": "b1", "status": self.status}
        reason = {"reason": {"message": "step 3 failed"}} if self.status == "error" else {}
        return web.json_response(about | reason | {"logs": [], "logEntries": []})


def cloud(folder: Path) -> CloudTemplate:
    return CloudTemplate(load_template(folder), always_excluded=ALWAYS_EXCLUDED)


def test_the_default_template_is_the_same_for_the_cloud() -> None:
    definition = load_template(DEFAULT)
    sent = json.loads(cloud(DEFAULT).to_json())
    copies = [(s["args"][0], s["args"][1]) for s in sent["steps"] if s["type"] == "COPY"]
    assert copies == [(c.source, c.target) for step in definition.steps for c in step.copies]
    runs = [s["args"][0] for s in sent["steps"] if s["type"] == "RUN"]
    expected = [step for step in definition.steps if step.run]
    assert len(runs) == 2 + len(expected)
    for command, step in zip(runs[2:], expected, strict=True):
        assert f"cd {step.cwd}" in command
        assert (step.run or "").split("'")[0] in command
    [env] = [s["args"] for s in sent["steps"] if s["type"] == "ENV"]
    given = dict(zip(env[::2], env[1::2], strict=True))
    assert given.items() >= definition.env.items()
    assert given["PATH"].startswith(":".join(definition.path))
    dockerfile = cloud(DEFAULT).to_dockerfile()
    assert dockerfile.startswith("FROM e2bdev/base\n")
    assert dockerfile.count("\nCOPY ") == len(copies)


def test_environment_exclusions_and_start_are_kept(tmp_path: Path) -> None:
    folder = small(tmp_path)
    sent = json.loads(cloud(folder).to_json())
    assert sent["startCmd"] == "serve it"
    [run] = [s for s in sent["steps"] if s["type"] == "RUN" and "make it" in s["args"][0]]
    assert run["args"][0].startswith("MODE='two words' bash -leo pipefail -c ")
    assert run["args"][1] == "user"


async def test_a_push_uploads_the_files_and_has_the_steps_built(tmp_path: Path) -> None:
    lines: list[str] = []
    builder = Builder()
    async with builder.server:
        endpoint = Endpoint("e2b_key", str(builder.server.make_url("")).rstrip("/"))
        assert await cloud(small(tmp_path)).push(endpoint, on_log=lines.append) == "t1"
    assert builder.asked["name"] == "small"
    assert builder.built["fromImage"] == "e2bdev/base"
    [names] = builder.uploads.values()
    assert {Path(name).name for name in names} >= {"main.py"}
    assert not any("debug.log" in name or "node_modules" in name for name in names)
    assert lines


async def test_a_failed_build_tells_why(tmp_path: Path) -> None:
    builder = Builder(status="error")
    async with builder.server:
        endpoint = Endpoint("e2b_key", str(builder.server.make_url("")).rstrip("/"))
        with pytest.raises(CloudTemplate.Failed, match="step 3 failed"):
            await cloud(small(tmp_path)).push(endpoint, on_log=lambda _: None)


def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    (folder / "src/node_modules").mkdir(parents=True)
    for name in ("src/main.py", "src/debug.log", "src/node_modules/x.js"):
        (folder / name).write_text("x")
    step = {
        "name": "all",
        "copy": [{"from": "src", "to": "/home/user/code", "exclude": ["*.log"]}],
        "run": "make it",
        "env": {"MODE": "two words"},
    }
    fields = {"name": "small", "env": {"A": "b"}, "steps": [step], "start": "serve it"}
    (folder / "template.json").write_text(json.dumps(fields))
    return folder
