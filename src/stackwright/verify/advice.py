"""Help for a check that fails a second time: how it looks at the app, its own source, and what usually cures it."""

import inspect
import re

from stackwright.core.events import VerificationReport
from stackwright.tools.budget import cut_end
from stackwright.verify.checks import CHECKS
from stackwright.verify.report import failed_checks, unproven

MAX_SOURCE_CHARS = 1500
MAX_CHECKS = 3
MAX_ADVICE_CHARS = 6000

HOW = {
    "python-parses": "Each .py file below backend/ is compiled; the line that it names is where Python gave up, the mistake is there or just above.",
    "python-lint": "`ruff check` in backend/ with the app's own configuration. Run it there and read each rule with `ruff rule CODE`.",
    "backend-imports": 'The backend is imported in a fresh process (`python -c "import app.main"` in backend/): a name that is not there, a circular import or a missing package ends it.',
    "client-in-step": "The generated client must fit the routes: `python tools/generate_client.py` in the workspace.",
    "dependencies": "Each import of the backend must be in requirements.txt, and each of the frontend in package.json with its lock.",
    "frontend-types": "`tsc --noEmit` over frontend/. Types of the API come from frontend/lib/api: generate the client before you change pages by hand.",
    "frontend-lint": "oxlint in frontend/ with the app's own configuration.",
    "services": "All services are started and must answer; `read_logs` of the one that is named says why it does not.",
    "proof-environment": "The app is copied, built for production (`next build`) and started with an empty database. What only works in development fails here: type errors, pages that need data while they are built, missing environment.",
    "api": "Each route of /openapi.json is called with samples made from its schema: no answer may be a 500, what was created must be found again. Call the same route with `http_request` and read the backend's log.",
    "pages": "Each page is opened in a browser, also with an empty database: no error in the console, no failed request, something visible.",
    "preview": "The preview is compared with what the files say: a service that still runs old code is restarted with `run_service`.",
    "use": "A browser fills in the forms of the app and presses its buttons as a person would, then looks whether what was entered is shown after a reload.",
    "look": "Each page is looked at on a phone and a desk: nothing may be cut off, overlap or be too pale to read.",
    "people": "Each person of acceptance/actors.py logs in; the general checks act as the last one of them. What wants a login needs them.",
    "security": "Texts with scripts are stored and every page is opened; words that mean something to a database are searched for; what wants a login for reading must want it for writing; the scripts that a browser gets are searched for secrets.",
    "speed": "Each list is read with 2,000 records in the database and must answer within 2 s.",
    "files": "A file that a witness gave to the app is posted again: beside other records, with umlauts in a text, with a text in a column of numbers.",
    "wishes": "The witnesses in acceptance/ are run in the proof environment, new ones also under faults, where they must fail.",
    "contract-tests": "`python -m pytest tests` in backend/, with a database of its own.",
}
_CURES = (
    (r"ModuleNotFoundError|Cannot find module|Module not found", "A module is missing: is its path right, is it in requirements.txt or package.json, and is it installed?"),
    (r"ImportError|circular import", "Two modules import each other or a name is not defined there: look at the imports of both files."),
    (r"ECONNREFUSED|Connection refused|ServerSelectionTimeout", "Something does not listen: read that service's log, and look whether it starts later than what calls it."),
    (r"[Hh]ydrat", "Server and browser draw different things: no dates, random numbers or localStorage while rendering; use useEffect."),
    (r"\b422\b|validation error|Field required", "Request and model differ: compare what the client sends with the Pydantic model."),
    (r"ObjectId|not JSON serializable", "MongoDB's ids are no JSON: convert them to str in the response model."),
    (r"\b404\b", "The route or record is not there: compare the path, its prefix and the router's registration."),
    (r"strict mode violation|resolved to \d+ elements", "The locator fits several elements: name the one that is meant by role and text."),
    (r"Timeout|timed out", "Something never came: look at the picture or page at that moment before you change how long it is waited for."),
    (r"TS\d{4}", "A type error: read the declared type of what is used before you cast."),
)  # fmt: skip


def advice(report: VerificationReport) -> str:
    """What helps with the failures of this report; the same failures get the same text."""
    failed = failed_checks(report)[:MAX_CHECKS]
    wishes = unproven(report)[:MAX_CHECKS]
    parts = [f"How {check.name} looks: {HOW[check.name]}" for check in failed if check.name in HOW]
    if failed and (source := _source(failed[0].name)):
        parts.append(f"What {failed[0].name} runs:\n{source}")
    parts += [
        f"{wish.id} is tried by {', '.join(wish.witnesses) or 'no witness yet'}: read it, then "
        f"run_witness({wish.id!r}) for its steps. Is the app wrong, or does the witness look at "
        "something else than the wish says?"
        for wish in wishes
    ]
    told = "\n".join(
        [check.detail for check in failed] + [f"{wish.reason}\n{wish.details}" for wish in wishes]
    )
    parts += [f"Usual cure: {cure}" for pattern, cure in _CURES if re.search(pattern, told)]
    return cut_end("\n".join(parts), rest="Look at one failure at a time.", limit=MAX_ADVICE_CHARS)


def _source(name: str) -> str:
    """The beginning of the check's own code."""
    check = next((check for check in CHECKS if check.name == name), None)
    return "" if check is None else inspect.getsource(check.run)[:MAX_SOURCE_CHARS]
