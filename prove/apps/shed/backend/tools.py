"""The tools: found by name and tag, imported from a file, retired for good."""

import csv
import datetime as dt
import io
import re
import uuid
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, UploadFile
from pydantic import BaseModel, Field, ValidationError

from members import Me, Member
from store import NO_CASE, Db, Strict

router = APIRouter(prefix="/tools", tags=["tools"])
Name = Annotated[str, Field(min_length=1, max_length=80)]
Shelf = Annotated[str, Field(max_length=20)]
Cents = Annotated[int, Field(ge=0, le=100_000)]
Tags = Annotated[list[Annotated[str, Field(min_length=1, max_length=30)]], Field(max_length=10)]
COLUMNS = ["name", "shelf", "deposit", "tags"]
MAX_FILE_BYTES = 200_000


class ToolBody(Strict):
    name: Name
    shelf: Shelf = ""
    depositCents: Cents = 0
    tags: Tags = Field(default_factory=list)


class ToolChange(Strict):
    name: Name | None = None
    shelf: Shelf | None = None
    depositCents: Cents | None = None
    tags: Tags | None = None


class Tool(ToolBody):
    key: str
    isRetired: bool
    outUntil: dt.date | None
    isMine: bool
    waiting: int
    myPlace: int | None


class ToolPage(BaseModel):
    items: list[Tool]
    total: int


class Imported(BaseModel):
    added: int


def shown(tool: dict[str, Any], me: Member) -> Tool:
    loan, queue = tool["loan"], tool["queue"]
    return Tool(
        **{field: tool[field] for field in ToolBody.model_fields},
        key=tool["_id"],
        isRetired=tool["isRetired"],
        outUntil=loan["dueOn"] if loan else None,
        isMine=loan is not None and loan["memberKey"] == me.key,
        waiting=len(queue),
        myPlace=queue.index(me.key) + 1 if me.key in queue else None,
    )


def stored(body: ToolBody) -> dict[str, Any]:
    fresh = {"isRetired": False, "loan": None, "queue": []}
    return {"_id": uuid.uuid4().hex, **body.model_dump(), **fresh}


async def get_tool(db: Any, key: str) -> dict[str, Any]:
    tool = await db.tools.find_one({"_id": key})
    if tool is None:
        raise HTTPException(404, "There is no such tool.")
    return tool


@router.get("")
async def list_tools(
    db: Db,
    me: Me,
    search: Annotated[str, Query(max_length=100)] = "",
    tag: Annotated[str, Query(max_length=30)] = "",
    onlyIn: bool = False,
    showRetired: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> ToolPage:
    wanted: dict[str, Any] = {}
    if search:
        wanted["name"] = {"$regex": re.escape(search.replace("\0", "")), "$options": "i"}
    if tag:
        wanted["tags"] = tag
    if onlyIn:
        wanted["loan"] = None
    if not showRetired:
        wanted["isRetired"] = False
    found = db.tools.find(wanted).collation(NO_CASE).sort([("name", 1), ("_id", 1)])
    items = [shown(tool, me) async for tool in found.skip(offset).limit(limit)]
    return ToolPage(items=items, total=await db.tools.count_documents(wanted, collation=NO_CASE))


@router.post("", status_code=201)
async def add_tool(body: ToolBody, db: Db, me: Me) -> Tool:
    tool = stored(body)
    await db.tools.insert_one(tool)
    return shown(tool, me)


@router.get("/tags")
async def list_tags(db: Db, me: Me) -> list[str]:
    return sorted(await db.tools.distinct("tags"), key=str.casefold)


@router.post("/import", status_code=201)
async def import_tools(file: UploadFile, db: Db, me: Me) -> Imported:
    """All lines of the file, or none of them: a wrong line is named in the answer."""
    data = await file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise HTTPException(422, "The file is larger than 200 kB.")
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        if [name.strip().lower() for name in rows.fieldnames or []] != COLUMNS:
            raise HTTPException(422, "The first line has to be: name,shelf,deposit,tags")
        rows.fieldnames = COLUMNS
        found = [stored(body_of(row, rows.line_num)) for row in rows]
    except (UnicodeDecodeError, csv.Error):
        raise HTTPException(422, "This is no CSV file.") from None
    if found:
        await db.tools.insert_many(found)
    return Imported(added=len(found))


def body_of(row: dict[str, Any], line: int) -> ToolBody:
    try:
        if None in row:  # more cells than columns
            raise ValueError(line)
        cents = Decimal((row["deposit"] or "0").strip() or "0") * 100
        if cents != int(cents):
            raise InvalidOperation
        tags = [tag.strip() for tag in (row["tags"] or "").split(";") if tag.strip()]
        return ToolBody(
            name=row["name"] or "", shelf=row["shelf"] or "", depositCents=int(cents), tags=tags
        )
    except (ValidationError, ArithmeticError, ValueError):
        raise HTTPException(422, f"Line {line} cannot be read. Nothing was imported.") from None


@router.get("/{toolKey}")
async def read_tool(toolKey: str, db: Db, me: Me) -> Tool:
    return shown(await get_tool(db, toolKey), me)


@router.patch("/{toolKey}")
async def change_tool(toolKey: str, body: ToolChange, db: Db, me: Me) -> Tool:
    await get_tool(db, toolKey)
    sent = body.model_dump(exclude_unset=True)
    values = {field: value for field, value in sent.items() if value is not None}
    if values:
        await db.tools.update_one({"_id": toolKey}, {"$set": values})
    return shown(await get_tool(db, toolKey), me)


@router.delete("/{toolKey}", status_code=204)
async def delete_tool(toolKey: str, db: Db, me: Me) -> None:
    await get_tool(db, toolKey)
    if await db.loans.find_one({"toolKey": toolKey}):
        raise HTTPException(409, "This tool was lent before: retire it instead.")
    await db.tools.delete_one({"_id": toolKey})


@router.post("/{toolKey}/retire")
async def retire_tool(toolKey: str, db: Db, me: Me) -> Tool:
    tool = await get_tool(db, toolKey)
    if tool["isRetired"]:
        raise HTTPException(409, "This tool is retired already.")
    if tool["loan"]:
        raise HTTPException(409, "This tool is out: it can be retired when it is back.")
    await db.tools.update_one({"_id": toolKey}, {"$set": {"isRetired": True, "queue": []}})
    return shown(await get_tool(db, toolKey), me)
