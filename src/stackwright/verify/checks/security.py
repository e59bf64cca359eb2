"""The app keeps what is its own: nothing that was stored runs, nothing secret is handed out, operators of
the database are plain text, and what wants a login wants it for writing too."""

import re
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

from stackwright.sandbox.base import HttpAnswer
from stackwright.verify.browser import BrowserFailed
from stackwright.verify.check import FRONTEND, Subject, Verdict, failed, passed
from stackwright.verify.checks.pages import LIST_FILES, addresses_of
from stackwright.verify.machine import patience, read_pressure
from stackwright.verify.meaning.filing import lost_from_sight
from stackwright.verify.meaning.logins import login_problems
from stackwright.verify.meaning.repeating import befalls_a_newer_one
from stackwright.verify.meaning.rights import others_records
from stackwright.verify.meaning.taking_back import taken_from_others
from stackwright.verify.openapi import Resource, Schema, resolved, without_null
from stackwright.verify.playwright import playwright_error
from stackwright.verify.records import (
    UNKNOWN_ID,
    ApiFault,
    AppApi,
    LoginWanted,
    TemporaryRecords,
    id_of,
    read_api,
)
from stackwright.verify.routes import routes
from stackwright.verify.use.screen import SCRIPT, Screen

STRUCK = "window.__struck = true"
SCRIPTS = f'<img src="x:" onerror="{STRUCK}"><script>{STRUCK}</script>'
LINK = f"javascript:{STRUCK}"
ODD_WORDS = ("(", "[", "*", "\\", "a{2", '{"$ne":null}')
MAX_SCRIPTS = 15
_SECRETS = re.compile(
    r"mongodb(?:\+srv)?://[^\s\"'/:]+:[^\s\"'@]+@|-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY"
    r"|\bAKIA[0-9A-Z]{16}\b|\bsk_live_[0-9A-Za-z]{16,}|\bsk-(?:proj-|ant-)?[0-9A-Za-z_-]{32,}|\bghp_[0-9A-Za-z]{36}\b"
)
_FOREIGN = "https://stranger.example"


async def app_is_safe(subject: Subject) -> Verdict:
    """Leaves the proof's database empty."""
    problems: list[str] = []
    try:
        api = await read_api(subject.sandbox, subject.app.backend_port, subject.environment.cookie)
        problems += await login_problems(api, subject.app, subject.environment.people)
        await subject.environment.reset()  # signing out may have ended more than one session
        # a database may read a bad pattern only when there is something to hold against it
        records = await _scripted_records(api)
        for resource in api.description.resources:
            problems += await _operators(api, resource)
            problems += await _login_for_writing(api.as_person(""), resource)
            kept_from = await others_records(api, resource, subject.environment.people)
            problems += [kept_from] if kept_from else []
            problems += await taken_from_others(api, resource, subject.environment.people)
            problems += await befalls_a_newer_one(api, resource)
            problems += await lost_from_sight(api, resource)
        problems += await _origins(subject, api)
        problems += await _stored_scripts(subject, api, records)
        await subject.environment.reset()
    except (ApiFault, BrowserFailed) as error:
        return failed("\n".join([*problems, str(error)]))
    except playwright_error() as error:
        return failed(f"The browser failed: {error.message[:1000]}")
    found = list(dict.fromkeys(problems))
    return failed("\n".join(found)) if found else passed("operators, scripts, secrets, logins")


async def _operators(api: AppApi, resource: Resource) -> list[str]:
    """Words and objects that mean something to a database are refused or taken as they are."""
    found: list[str] = []
    requests: list[tuple[str, str, Any]] = [
        ("GET", resource.item_path(quote('{"$ne":null}')), None) for _ in range(resource.can_get)
    ]
    for name, schema in resource.queries.items() if resource.can_list else ():
        requests.append(("GET", f"{resource.collection}?{name}[$ne]=x", None))
        if schema.get("type") == "string" and "enum" not in schema and "format" not in schema:
            words = [quote(word) for word in ODD_WORDS]
            requests += [("GET", f"{resource.collection}?{name}={word}", None) for word in words]
    if resource.create is not None:
        texts = _texts(resource.create, api.description.root)
        requests += [("POST", resource.collection, {name: {"$gt": ""}}) for name in texts[:1]]
    for method, path, body in requests:
        try:
            answer = await api.ask(method, path, body)
        except LoginWanted:
            return found
        except ApiFault as fault:
            found.append(f"{fault} Take what a person types as plain text.")
            continue
        if answer.ok and (method == "POST" or "{" in path or "%7B%22%24ne" in path.split("?")[0]):
            found.append(f"{method} {path} accepts an operator of the database: {body or path}")
    return found


def _texts(schema: Schema, root: Schema) -> list[str]:
    parts = {
        name: without_null(resolved(raw, root), root)
        for name, raw in schema.get("properties", {}).items()
    }
    return [name for name, part in parts.items() if part.get("type") == "string"]


async def _login_for_writing(api: AppApi, resource: Resource) -> list[str]:
    """What may not be read without a login may not be changed either."""
    if not resource.can_list or not await _wants_login(api, "GET", resource.collection):
        return []
    item = resource.item_path(UNKNOWN_ID)
    methods = [("DELETE", item)] if resource.can_delete else []
    methods += [(resource.update_method, item)] if resource.update_method else []
    methods += [("POST", resource.collection)] if resource.create is not None else []
    return [
        f"{method} {path} does not want a login, although reading does."
        for method, path in methods
        if not await _wants_login(api, method, path)
    ]


async def _wants_login(api: AppApi, method: str, path: str) -> bool:
    try:
        answer = await api.ask(method, path, {} if method not in ("GET", "DELETE") else None)
    except LoginWanted:
        return True
    except ApiFault:
        return False
    return answer.status in (400, 422)  # it did not come so far


async def _origins(subject: Subject, api: AppApi) -> list[str]:
    """Pages of strangers may not read with the cookies of a person."""
    path = next(iter(api.description.plain_gets), "/")
    answer = await subject.sandbox.request(
        subject.app.backend_port, "GET", path, headers={"origin": _FOREIGN}, timeout_s=20
    )
    headers = {name.lower(): value for name, value in answer.headers.items()}
    allowed = headers.get("access-control-allow-origin", "")
    if allowed == _FOREIGN and headers.get("access-control-allow-credentials") == "true":
        return [f"GET {path} lets every web site read with a person's cookies (CORS)."]
    return []


async def _stored_scripts(
    subject: Subject, api: AppApi, records: dict[str, dict[str, Any]]
) -> list[str]:
    """Records with scripts in all texts, on every page."""
    listed = await subject.run(LIST_FILES, cwd=FRONTEND, timeout_s=10)
    places, _ = addresses_of(routes(listed.stdout.splitlines()), records, api.description)
    problems: list[str] = []
    scripts: set[str] = set()
    async with subject.browser.page() as page:
        await page.add_init_script(SCRIPT)
        screen = Screen(page, subject.app.origin, patience(await read_pressure(subject.sandbox)))
        elsewhere: set[str] = set()

        def note(request: Any) -> None:
            url = str(request.url)
            if url.startswith(("http:", "https:")) and not url.startswith(subject.app.origin):
                elsewhere.add(url.split("?")[0][:150])
            if url.startswith(subject.app.origin) and request.resource_type == "script":
                scripts.add(url.removeprefix(subject.app.origin))

        page.on("request", note)
        for path, route in places:
            await screen.open(path)
            screen.complaints()
            if await screen.ask("window.__struck === true"):
                problems.append(
                    f"{route}: a script in a stored text was run. Show texts as text, never as HTML."
                )
            if await page.locator('a[href^="javascript:" i]').count():
                problems.append(
                    f"{route}: a stored address that begins with javascript: became a link. Accept only "
                    "http and https."
                )
        # what the records themselves name is not of the app's choosing
        mine = orjson.dumps(records).decode()
        strangers = [url for url in sorted(elsewhere) if urlsplit(url).netloc not in mine]
        problems += [f"a page asks another host: {url}" for url in strangers[:5]]
    return problems + await _bundle(subject, sorted(scripts)[:MAX_SCRIPTS])


async def _scripted_records(api: AppApi) -> dict[str, dict[str, Any]]:
    temporary = TemporaryRecords(api, may_stay=True)
    records: dict[str, dict[str, Any]] = {}
    for resource in api.description.resources:
        if resource.create is None:
            continue
        try:
            sent, record = await temporary.make(resource)
            records[resource.name] = record
            spiked = {name: _spiked(value) for name, value in sent.items()}
            for body in (spiked, {**spiked, **_addresses(sent)}):
                answer = await temporary.post(resource, body)
                if answer.ok and id_of(answer.value):
                    records[resource.name] = answer.value
                    break
        except (ApiFault, LoginWanted):  # the check of the API tells what is wrong there
            continue
    return records


def _spiked(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("Sample "):
        return f"{value} {SCRIPTS}"
    return LINK if isinstance(value, str) and value.startswith("https://") else value


def _addresses(sent: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in sent.items() if isinstance(v, str) and v.startswith("https://")}


async def _bundle(subject: Subject, scripts: list[str]) -> list[str]:
    problems: list[str] = []
    for path in scripts:
        found = _SECRETS.search((await _get(subject, path)).body.decode(errors="replace"))
        if found:
            problems.append(f"{path} hands out a secret: {found[0][:24]}…")
    for path in scripts[:3]:
        plain = path.partition("?")[0]
        if (
            answer := await _get(subject, f"{plain}.map")
        ).status == 200 and b'"sources"' in answer.body:
            problems.append(f"{plain}.map hands out the sources. Build without source maps.")
            break
    return problems


async def _get(subject: Subject, path: str) -> HttpAnswer:
    return await subject.sandbox.request(
        subject.app.frontend_port, "GET", path, timeout_s=20, max_bytes=3_000_000
    )
