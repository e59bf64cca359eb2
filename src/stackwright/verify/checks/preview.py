"""The preview shows what the files say: nothing that it runs or delivers is older than they are."""

import asyncio
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, cast

import orjson

from stackwright.verify.browser import BrowserFailed
from stackwright.verify.check import Subject, Verdict, failed, passed
from stackwright.verify.environment import PREVIEW
from stackwright.verify.machine import patience, read_pressure
from stackwright.verify.records import ApiFault, read_api

SETTLE_LIMIT_S = 10.0
"""A development server compiles an edit a moment after it; style sheets may be replaced late."""
SETTLE_STEP_S = 0.25
MAX_TOLD = 8
_MCP = "/_next/mcp"
_COMPILE: dict[str, Any] = {"name": "get_compilation_issues", "arguments": {}}
_STYLES = r"""() => {
  const names = new Set(), classes = new Set();
  const walk = rules => {
    for (const rule of rules) {
      if (rule.selectorText !== undefined) {
        for (const [, name] of rule.selectorText.matchAll(/\.((?:\\.|[\w-])+)/g)) classes.add(name);
        for (const name of rule.style) if (name.startsWith('--')) names.add(name);
      }
      if (rule.cssRules) walk(rule.cssRules);
    }
  };
  for (const sheet of document.styleSheets) { try { walk(sheet.cssRules); } catch {} }
  const outside = document.createElement('div'), probe = document.createElement('div');
  outside.style.all = 'initial';
  outside.append(probe);
  document.body.append(outside);
  const seen = getComputedStyle(probe), values = {};
  for (const name of [...names].slice(0, 1000)) {
    probe.style.color = probe.style.borderTopLeftRadius = probe.style.fontFamily = `var(${name})`;
    values[name] = [seen.color, seen.borderTopLeftRadius, seen.fontFamily].join(' ').slice(0, 200);
  }
  outside.remove();
  return {values, classes: [...classes].filter(name => !name.includes('__')).slice(0, 5000)};
}"""
"""Values as the browser understands them, since a build writes the same colour in another form; nothing of
the page's own text is inherited by them. Names of CSS modules differ between builds."""


@dataclass(frozen=True, slots=True)
class _Styles:
    values: Mapping[str, str]
    classes: Set[str]


async def preview_is_current(subject: Subject) -> Verdict:
    """Compared with the proof's instance, which was just made from the files."""
    try:
        for look in (_old_services, _other_schema, _compilation_issues, _old_styles):
            if problem := await look(subject):
                return failed(problem)
        visit = await subject.browser.visit(f"{PREVIEW.origin}/")
    except BrowserFailed as error:
        return failed(str(error))
    if visit.problems:
        return failed("\n".join(f"/ in the preview: {problem}" for problem in visit.problems))
    return passed()


async def _old_services(subject: Subject) -> str:
    statuses = await subject.services.status()
    old = [f"{one.name} {one.detail}" for one in statuses if one.detail.startswith("runs older")]
    return "\n".join(old)


async def _other_schema(subject: Subject) -> str:
    """A backend that runs other code than the files' mostly describes another API."""
    try:
        shown = await read_api(subject.sandbox, PREVIEW.backend_port)
        built = await read_api(subject.sandbox, subject.app.backend_port)
    except ApiFault:
        return ""  # the API check tells of it
    differing = [
        path
        for path in {**_paths(shown.description.root), **_paths(built.description.root)}
        if _paths(shown.description.root).get(path) != _paths(built.description.root).get(path)
    ]
    if not differing:
        return ""
    return (
        f"The preview's backend runs other code than the files: {', '.join(differing[:MAX_TOLD])}."
    )


def _paths(schema: Mapping[str, Any]) -> dict[str, Any]:
    paths = schema.get("paths")
    return cast(dict[str, Any], paths) if isinstance(paths, dict) else {}


async def _compilation_issues(subject: Subject) -> str:
    """What the development server says of all its routes, where it can be asked."""
    call: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": _COMPILE}
    answer = await subject.sandbox.request(
        PREVIEW.frontend_port,
        "POST",
        _MCP,
        headers={
            "content-type": "application/json",
            "accept": "application/json, text/event-stream",
        },
        body=orjson.dumps(call),
        timeout_s=60,
    )
    errors = [one for one in issues_in(answer.body) if one.get("severity") in ("error", "fatal")]
    lines = [f"{one.get('filePath', '')}: {one.get('title', one)}"[:500] for one in errors]
    return "\n".join(lines[:MAX_TOLD])


def issues_in(body: bytes) -> list[dict[str, Any]]:
    """The issues in an answer of Next's MCP server, plain JSON or an event stream."""
    for line in body.decode(errors="replace").splitlines():
        try:
            answer: Any = orjson.loads(line.removeprefix("data:").strip())
            told: Any = orjson.loads(answer["result"]["content"][0]["text"])
            found: list[Any] = told["issues"]
        except (orjson.JSONDecodeError, KeyError, IndexError, TypeError):
            continue
        return [cast(dict[str, Any], one) for one in found if isinstance(one, dict)]
    return []


async def _old_styles(subject: Subject) -> str:
    built = await _styles(subject, f"{subject.app.origin}/")
    loop = asyncio.get_running_loop()
    limit_s = SETTLE_LIMIT_S * patience(await read_pressure(subject.sandbox))
    deadline = loop.time() + limit_s
    while problem := difference(await _styles(subject, f"{PREVIEW.origin}/"), built):
        if loop.time() > deadline:
            return (
                f"The preview still delivers older styles than the files hold after {limit_s:.0f} s: "
                f"{problem}."
            )
        await asyncio.sleep(SETTLE_STEP_S)
        built = await _styles(
            subject, f"{subject.app.origin}/"
        )  # a busy browser may have read too little
    return ""


async def _styles(subject: Subject, url: str) -> _Styles:
    seen = await subject.browser.evaluate(url, _STYLES)
    return _Styles(seen["values"], frozenset(seen["classes"]))


def difference(shown: _Styles, built: _Styles) -> str:
    """What the built styles have and the shown ones lack; more of them may be left from before."""
    missing = sorted(built.classes - shown.classes)
    if missing:
        return f"they lack the classes {', '.join(missing[:MAX_TOLD])}"
    differing = [name for name, value in built.values.items() if shown.values.get(name) != value]
    other = sorted(differing, key=lambda name: (name in shown.values, name))
    return f"another value of {', '.join(other[:MAX_TOLD])}" if other else ""
