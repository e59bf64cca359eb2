"""Looking into the app's database: bounded, and without a way to change it."""

import json
import shlex
from typing import Any, Literal, cast

from pydantic import Field

from stackwright.sandbox.base import WORKSPACE_ROOT
from stackwright.tools.base import Arguments, Tool, ToolContext, ToolFailed

TIMEOUT_S = 20.0
MAX_ASKED_CHARS = 20_000
MAX_TOLD_CHARS = 12_000

_SCRIPT = """
import json, os, sys
from itertools import islice
sys.path.insert(0, os.getcwd())
from bson import json_util
from pymongo import MongoClient
asked = json_util.loads(sys.argv[1])
try:
    from settings import settings
    url, name = settings.mongodb_url, settings.mongodb_db
except Exception:
    url, name = os.environ.get("MONGODB_URL", "mongodb://127.0.0.1:27017"), os.environ.get("MONGODB_DB", "app")
database = MongoClient(url, serverSelectionTimeoutMS=3000, socketTimeoutMS=10000, tz_aware=True)[name]
try:
    if not asked["collection"]:
        for each in sorted(database.list_collection_names())[:100]:
            print(f"{each}: {database[each].estimated_document_count()} documents")
        sys.exit()
    records = database[asked["collection"]]
    if asked["action"] == "count":
        print(records.count_documents(asked["filter"]))
        sys.exit()
    if asked["action"] == "find":
        found = records.find(asked["filter"], asked["fields"] or None).limit(asked["limit"] + 1)
        found = found.sort(list(asked["sort"].items())) if asked["sort"] else found
    else:
        found = records.aggregate(asked["pipeline"])
    size = shown = 0
    for document in islice(found, asked["limit"]):
        line = json_util.dumps(document, json_options=json_util.RELAXED_JSON_OPTIONS, ensure_ascii=False)
        size += len(line)
        if size > asked["room"] and shown:
            break
        print(line[:asked["room"]])
        shown += 1
    more = next(iter(found), None) is not None or size > asked["room"]
    print(f"[{shown} shown, there are more: narrow the filter]" if more else f"[{shown} found]")
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}"[:1000])
"""
_WRITING = frozenset({"$out", "$merge", "$function", "$accumulator", "$where"})


class QueryData(Arguments):
    collection: str = Field(
        default="", max_length=120, description="Empty: tell which collections there are."
    )
    action: Literal["find", "count", "aggregate"] = "find"
    filter: dict[str, Any] = Field(
        default_factory=dict[str, Any], description='For find and count, e.g. {"done": false}.'
    )
    fields: list[str] = Field(default_factory=list[str], max_length=50)
    sort: dict[str, Literal[1, -1]] = Field(default_factory=dict[str, Literal[1, -1]])
    limit: int = Field(default=20, ge=1, le=200)
    pipeline: list[dict[str, Any]] = Field(
        default_factory=list[dict[str, Any]], max_length=20, description="For aggregate."
    )


async def query_data(arguments: QueryData, context: ToolContext) -> str:
    asked = {**arguments.model_dump(), "room": MAX_TOLD_CHARS}
    if writing := _WRITING & set(_keys([arguments.filter, arguments.pipeline])):
        raise ToolFailed(f"{', '.join(sorted(writing))} is not for reading; query_data only reads.")
    text = json.dumps(asked)
    if len(text) > MAX_ASKED_CHARS:
        raise ToolFailed("This query is too long; ask for less at a time.")
    command = f"python -c {shlex.quote(_SCRIPT)} {shlex.quote(text)}"
    result = await (await context.sandbox()).run(
        command,
        cwd=f"{WORKSPACE_ROOT}/backend",
        timeout_s=TIMEOUT_S,
        max_output_bytes=4 * MAX_TOLD_CHARS,
    )
    if result.timed_out:
        raise ToolFailed(f"The query took over {TIMEOUT_S:.0f} s; narrow it.")
    if result.exit_code != 0:
        said = result.stderr.strip()[-1000:]
        advice = " run_service mongo starts it." if "ServerSelectionTimeout" in said else ""
        raise ToolFailed(f"The database did not answer this query: {said}{advice}")
    return result.stdout.strip() or "There are no collections yet."


def _keys(value: Any) -> list[str]:
    """Keys of all objects within a JSON value."""
    keys: list[str] = []
    rest: list[Any] = [value]
    while rest:
        found = rest.pop()
        if isinstance(found, dict):
            entries = cast("dict[str, Any]", found)
            keys += entries
            rest += entries.values()
        elif isinstance(found, list):
            rest += cast("list[Any]", found)
    return keys


TOOLS = (
    Tool(
        "query_data",
        "Read the app's MongoDB: its collections, or find, count and aggregate in one. Changes nothing.",
        QueryData,
        query_data,
        is_reading=True,
    ),
)
