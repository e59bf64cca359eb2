"""Answers about a project without a model: from its description, wishes, last report and files."""

import re

from stackwright.offline.places import kinds_named
from stackwright.offline.reader import describe
from stackwright.scaffold.generate import page_routes
from stackwright.scaffold.spec import AppSpec, EntitySpec

CAN_ANSWER = (
    "Without a model key I answer from what the project has: its records and fields, its wishes and how "
    "they stand, the last report, its files. Ask for example “What does it keep?”, “What is not proven?” "
    "or “Which files are there?”."
)
NO_APP = "There is no app in this project yet. Send what you want to keep, for example “Books with title and author”."
_FILES = re.compile(r"\b(files?|folders?|code|source|modules?)\b", re.IGNORECASE)
_PAGES = re.compile(r"\b(pages?|routes?|screens?|views?|address(es)?)\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(not|isn't|aren't|un)\W{0,2}(yet )?(proven|built|verified|working|done|understood)|fail\w*|broken|missing|left out|open wish\w*|wrong|problems?",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(verified|proven|work(s|ing)?|status|report|tested|checked|wish(es)?|done|finished|ready)\b",
    re.IGNORECASE,
)
_RECORDS = re.compile(
    r"\b(records?|fields?|data|keep|kept|stores?|stored|track\w*|entit\w+|tables?|collections?|what (is|does) (this|it|the app)|about|relat\w+|link\w*|what can)\b",
    re.IGNORECASE,
)
_MOST_FILES = 60


def wants_files(question: str) -> bool:
    return bool(_FILES.search(question))


def answer(question: str, spec: AppSpec | None, project: str, files: str) -> str:
    """What can be said, and nothing beyond it. `project` is what `read_project` told, `files` what
    `list_files` did."""
    if spec is None and not _wish_lines(project):
        return f"{NO_APP} {CAN_ANSWER}"
    parts: list[str] = []
    if wants_files(question) and files:
        parts.append(_listed(files))
    if _OPEN.search(question):
        parts.append(_open_wishes(project))
    elif _STATE.search(question):
        parts.append(_report(project))
    if spec is not None:
        parts += of_spec(question, spec, is_answered=bool(parts))
    return "\n\n".join(parts) or f"I cannot answer this without a model key. {CAN_ANSWER}"


def of_spec(question: str, spec: AppSpec, *, is_answered: bool = False) -> list[str]:
    """Sentences about the kinds and pages that the question names."""
    parts: list[str] = []
    named = kinds_named(spec, question)
    if _PAGES.search(question):
        _, *routes = page_routes(spec)
        named_pages = zip(routes, spec.entities, strict=True)
        pages = ", ".join(f"{route} ({one.label_plural})" for route, one in named_pages)
        parts.append(f"Pages: the start page and {pages}.")
    if named:
        sentences = dict(zip([one.name for one in spec.entities], describe(spec), strict=True))
        parts += [_of_entity(one, sentences[one.name], spec) for one in named]
    elif not parts and not is_answered and _RECORDS.search(question):
        parts.append(f"“{spec.title}” keeps {' '.join(describe(spec))}")
    return parts


def _of_entity(entity: EntitySpec, sentence: str, spec: AppSpec) -> str:
    required = [field.label.lower() for field in entity.fields if field.required]
    users = [
        other.label_plural.lower()
        for other in spec.entities
        if any(field.target == entity.name for field in other.fields)
    ]
    parts = [sentence]
    if required:
        parts.append(f"Needed: {', '.join(required)}.")
    if entity.filters:
        parts.append(
            f"The list filters by {', '.join(entity.field(n).label.lower() for n in entity.filters)}."
        )
    if users:
        parts.append(f"Linked from {', '.join(users)}.")
    return " ".join(parts)


def _open_wishes(project: str) -> str:
    lines = _wish_lines(project)
    left = [line for line in lines if "[proven]" not in line]
    more = re.search(r"^Not understood: .*$", project, re.MULTILINE)
    told = "\n".join((*left, *([more[0]] if more else ())))
    return told or (f"All {len(lines)} wishes are proven." if lines else "No wish was named yet.")


def _report(project: str) -> str:
    found = re.search(r"^Last report: (.*)\Z", project, re.MULTILINE | re.DOTALL)
    lines = _wish_lines(project)
    proven = sum("[proven]" in line for line in lines)
    report = found[1].strip() if found else "nothing was checked yet"
    return f"Last report: {report}\n{proven} of {len(lines)} wishes are proven."


def _wish_lines(project: str) -> list[str]:
    return re.findall(r"^w\d+ \[\w+\] .*$", project, re.MULTILINE)


def _listed(files: str) -> str:
    lines = files.strip().splitlines()
    rest = len(lines) - _MOST_FILES
    shown = "\n".join(lines[:_MOST_FILES])
    return f"{shown}\n… and {rest} more." if rest > 0 else shown
