"""Sample data on request, without a model: records are sent to the running app, and deleted again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from stackwright.agent.models.base import Message, result_text
from stackwright.agent.models.offline_talk import Call, Reply, Step
from stackwright.offline.edits.lookup import find_entity
from stackwright.scaffold.sample_records import MOST, USUAL, SampleRecord, sample_records
from stackwright.scaffold.spec import AppSpec

_SOME: Final = r"(?:sample|example|demo|dummy|test|fake|mock|placeholder)"
_MANY: Final = r"(?P<many>some|a few|a couple of|several|\d{1,4}|five|ten|twelve|twenty)"
_WANTED: Final = re.compile(
    rf"(?:^|(?P<joint>[,;.:!]?\s*(?:\b(?:and|also|please|then)\b[\s,]*)*))\b(?:with|add|include|insert|create|put in|have|generate|give (?:me|us)|(?:pre)?fill (?:(?:it|this|them|the app|everything) )?(?:in )?with)\s+"
    rf"(?:(?:the |{_MANY} )?{_SOME} (?P<what>data|records?|entries|content|values)|{_MANY.replace('many', 'number')} {_SOME} (?P<kind>[a-z]+(?: [a-z]+)?s))\b(?: (?:in it|to it|to the app|please))?",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    rf"(?:(?<=[.!?;\n] )|(?<=\n)|^)(?:and |also |(?P<many>some|a few|\d{{1,4}}) )*(?P<what>{_SOME} (?:data|records?|entries))(?: please|, please)?(?=\s*[.!\n]|\s*$)",
    re.IGNORECASE,
)
"""'Example data please.'"""
_UNWANTED: Final = re.compile(
    rf"^(?:please )?(?:remove|delete|drop|clear|take out|get rid of) (?:all )?(?:the |my |these )?{_SOME} (?:data|records?|entries|content|values)\W*$",
    re.IGNORECASE,
)
_NUMBERS: Final = {"five": 5, "ten": 10, "twelve": 12, "twenty": 20, "several": 5}
_ID: Final = re.compile(r'"id"\s*:\s*"([^"\n]{1,100})"')
_MADE: Final = "HTTP 201"
TOOL: Final = "http_request"


@dataclass(frozen=True)
class WantedSamples:
    """How many records of which kind ("" for all), and the words that say so."""

    words: str
    count: int = USUAL
    kind: str = ""


def take_samples(request: str) -> tuple[str, WantedSamples | None]:
    """The request without its wish for sample data, and that wish."""
    found = _WANTED.search(request) or _NAMED.search(request)
    if found is None:
        return request, None
    said = found.groupdict()
    told = (said["many"] or said.get("number") or "").lower()
    count = int(told) if told.isdigit() else _NUMBERS.get(told, USUAL)
    words = found[0].strip(" ,;.:!")
    rest = f"{request[: found.start()]}{request[found.end() :]}".strip(" ,;")
    return rest, WantedSamples(words, max(1, min(count, MOST)), said.get("kind") or "")


def filled(spec: AppSpec, wanted: WantedSamples, steps: Sequence[Step]) -> Reply:
    """The next requests, level by level, since records need the ids of those that they point at."""
    entity = find_entity(spec, wanted.kind) if wanted.kind else None
    only = entity.name if entity is not None else ""
    records = sample_records(spec, datetime.now(UTC).date(), count=wanted.count, only=only)
    answers = [step.result for step in steps if step.name == TOOL]
    if len(answers) >= len(records):
        return Reply(_told(records, answers))
    level = records[len(answers)].level
    due = [one for one in records[len(answers) :] if one.level == level]
    calls = tuple(Call(TOOL, _request(one, answers)) for one in due)
    return Reply("" if answers else "I fill in sample data.", calls)


def _request(record: SampleRecord, answers: Sequence[str]) -> Mapping[str, Any]:
    ids = {key: _id(answers[at]) for key, at in record.references.items() if at < len(answers)}
    body = {**record.body, **{key: one for key, one in ids.items() if one}}
    return {"method": "POST", "path": f"/api/{record.slug}", "body": body}


def _id(answer: str) -> str:
    found = _ID.search(answer) if answer.startswith(_MADE) else None
    return found[1] if found else ""


def _told(records: Sequence[SampleRecord], answers: Sequence[str]) -> str:
    made = [one for one, told in zip(records, answers, strict=False) if told.startswith(_MADE)]
    kinds = dict.fromkeys(one.label_plural for one in made)
    counts = [f"{sum(one.label_plural == k for one in made)} {k.lower()}" for k in kinds]
    if not made:
        first = " ".join(answers[0].split())[:200] if answers else "nothing was sent"
        return f"The app took none of the sample records: {first}"
    left = len(records) - len(made)
    refused = f" The app refused {left} more." if left else ""
    return (
        f"Sample data: {', '.join(counts)}.{refused} “Remove the sample data” takes them out again."
    )


def is_removal(request: str) -> bool:
    """Whether the sample data is to go."""
    return _UNWANTED.match(request.strip()) is not None


def removed(earlier: Sequence[Message], steps: Sequence[Step]) -> Reply:
    """Delete what was filled in, in the opposite order, and nothing else."""
    answers = [step.result for step in steps if step.name == TOOL]
    if answers:
        gone = sum(told.startswith(("HTTP 204", "HTTP 200")) for told in answers)
        left = len(answers) - gone
        kept = f" {left} could not be deleted, or were gone already." if left else ""
        return Reply(f"{gone} sample records were deleted.{kept}")
    paths = _filled_in(earlier)
    if not paths:
        return Reply("There is no sample data that I filled in.")
    calls = tuple(Call(TOOL, {"method": "DELETE", "path": path}) for path in reversed(paths))
    return Reply("I delete the sample data.", calls)


def _filled_in(earlier: Sequence[Message]) -> list[str]:
    """The addresses of the records that were made and not deleted yet."""
    results = {
        block["tool_use_id"]: result_text(block)
        for message in earlier
        for block in message.content
        if block["type"] == "tool_result"
    }
    paths: dict[str, None] = {}
    for message in earlier:
        for call in message.tool_calls:
            given, answer = call["input"], results.get(call["id"], "")
            if call["name"] != TOOL:
                continue
            if given.get("method") == "POST" and (made := _id(answer)):
                paths[f"{given['path']}/{made}"] = None
            elif given.get("method") == "DELETE" and answer.startswith(("HTTP 20", "HTTP 404")):
                paths.pop(given["path"], None)
    return list(paths)
