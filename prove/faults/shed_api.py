"""Faults of the tool shed behind its API: loans, a queue, PINs, a file, filters."""

from functools import partial

from prove.faults.fault import Fault

_fault = partial(Fault, app="shed")
TOOLS = "backend/tools.py"
LOANS = "backend/loans.py"
MEMBERS = "backend/members.py"

FAULTS = (
    _fault(
        name="another's loan can be returned",
        path=LOANS,
        old='    mine = {"_id": loanKey, "memberKey": me.key}\n',
        new='    mine = {"_id": loanKey}\n',
        notices="a stranger returns a tool that one still has",
    ),
    _fault(
        name="returned tool stays out",
        path=LOANS,
        old='    await db.tools.update_one({"_id": loan["toolKey"]}, {"$set": {"loan": None}})\n',
        new="",
        notices="a tool that is back can never be borrowed again",
    ),
    _fault(
        name="returned twice",
        path=LOANS,
        old='    if loan["returnedOn"]:\n',
        new='    if loan["returnedOn"] == "":\n',
        notices="returning an old loan again takes the tool from who has it now",
    ),
    _fault(
        name="due a day early",
        path=LOANS,
        old="dt.timedelta(days=body.days)",
        new="dt.timedelta(days=body.days - 1)",
        notices="a loan of 14 days is due after 13",
    ),
    _fault(
        name="cents lost when lent",
        path=LOANS,
        old='        "depositCents": tool["depositCents"],\n',
        new='        "depositCents": tool["depositCents"] // 100 * 100,\n',
        notices="the cents of a deposit are lost when a tool is lent",
    ),
    _fault(
        name="a loan too long",
        path=LOANS,
        old="days: int = Field(ge=1, le=28)",
        new="days: int = Field(ge=1, le=280)",
        notices="a tool is gone for most of a year",
    ),
    _fault(
        name="last come, first served",
        path=LOANS,
        old='{"$addToSet": {"queue": me.key}}',
        new='{"$push": {"queue": {"$each": [me.key], "$position": 0}}}',
        notices="who came last gets the tool first",
    ),
    _fault(
        name="queue ignored",
        path=LOANS,
        old='    if tool["queue"] and tool["queue"][0] != me.key:\n',
        new='    if tool["queue"] and me.key == "":\n',
        notices="anybody snatches a tool for which somebody waits",
    ),
    _fault(
        name="nobody leaves the queue",
        path=LOANS,
        old='{"$set": mark, "$pull": {"queue": me.key}}',
        new='{"$set": mark}',
        notices="who has got the tool still stands first in line for it",
    ),
    _fault(
        name="leaving empties the queue",
        path=LOANS,
        old='    await db.tools.update_one({"_id": toolKey}, {"$pull": {"queue": me.key}})\n',
        new='    await db.tools.update_one({"_id": toolKey}, {"$set": {"queue": []}})\n',
        notices="one neighbour gives up, and all others have waited in vain",
    ),
    _fault(
        name="lent twice",
        path=LOANS,
        old='    free = {"_id": toolKey, "loan": None, "isRetired": False}\n',
        new='    free = {"_id": toolKey, "isRetired": False}\n',
        notices="a tool that is out is lent to a second neighbour",
    ),
    _fault(
        name="loans of all neighbours",
        path=LOANS,
        old='        "memberKey": me.key,\n        "returnedOn": {',
        new='        "returnedOn": {',
        notices="everybody sees what the others have borrowed",
    ),
    _fault(
        name="the last due on top",
        path=LOANS,
        old='.sort([("dueOn", 1), ("_id", 1)])',
        new='.sort([("dueOn", -1), ("_id", 1)])',
        notices="the loan that is due first stands at the bottom",
    ),
    _fault(
        name="returned loans are lost",
        path=LOANS,
        old='"returnedOn": {"$ne": None} if isReturned else None,',
        new='"returnedOn": "" if isReturned else None,',
        notices="the tab Returned is always empty",
    ),
    _fault(
        name="the last month is missing",
        path=LOANS,
        old="totalCents=sum(month.cents for month in ordered)",
        new="totalCents=sum(month.cents for month in ordered[:-1])",
        notices="the total is less than the months together",
    ),
    _fault(
        name="months of all years together",
        path=LOANS,
        old='        name = loan["lentOn"][:7]\n',
        new='        name = "2026" + loan["lentOn"][4:7]\n',
        notices="next year's takings are added to this year's",
    ),
    _fault(
        name="import drops the last line",
        path=TOOLS,
        old="for row in rows]\n    except",
        new="for row in rows][:-1]\n    except",
        notices="the last tool of the file is missing",
    ),
    _fault(
        name="import skips wrong lines in silence",
        path=TOOLS,
        old='        raise HTTPException(422, f"Line {line} cannot be read. Nothing was imported.") from None\n',
        new='        return ToolBody(name=row["name"] or "?")\n',
        notices="a typing error in the file becomes a tool without deposit",
    ),
    _fault(
        name="import cuts umlauts",
        path=TOOLS,
        old='data.decode("utf-8-sig")',
        new='data.decode("ascii", errors="ignore")',
        notices="“Säge” is imported as “Sge”",
    ),
    _fault(
        name="import replaces everything",
        path=TOOLS,
        old="    if found:\n        await db.tools.insert_many(found)\n",
        new="    if found:\n        await db.tools.delete_many({})\n        await db.tools.insert_many(found)\n",
        notices="an import deletes all tools that were there",
    ),
    _fault(
        name="filters widen each other",
        path=TOOLS,
        old='    if tag:\n        wanted["tags"] = tag\n',
        new='    if tag:\n        wanted = {"tags": tag}\n',
        notices="with a tag the search is forgotten",
    ),
    _fault(
        name="retired tools are shown",
        path=TOOLS,
        old='    if not showRetired:\n        wanted["isRetired"] = False\n',
        new="",
        notices="the list is full of tools that nobody can borrow",
    ),
    _fault(
        name="retired for a moment",
        path=TOOLS,
        old='{"$set": {"isRetired": True, "queue": []}}',
        new='{"$set": {"queue": []}}',
        notices="Retire says that it worked, and nothing changes",
    ),
    _fault(
        name="a lent tool is retired",
        path=TOOLS,
        old='    if tool["loan"]:\n        raise HTTPException(409, "This tool is out:',
        new='    if tool["loan"] == "":\n        raise HTTPException(409, "This tool is out:',
        notices="a tool that is out is retired under its borrower",
    ),
    _fault(
        name="deletes a lent tool",
        path=TOOLS,
        old='    if await db.loans.find_one({"toolKey": toolKey}):\n',
        new='    if await db.loans.find_one({"toolKey": ""}):\n',
        notices="a loan of a tool that is no more: its link ends nowhere",
    ),
    _fault(
        name="sorted by capitals",
        path=TOOLS,
        old='.collation(NO_CASE).sort([("name", 1)',
        new='.sort([("name", 1)',
        notices="“axe” comes after “Zip wire”",
    ),
    _fault(
        name="tags of an edit are added",
        path=TOOLS,
        old='        await db.tools.update_one({"_id": toolKey}, {"$set": values})\n',
        new='        tags = {"tags": {"$each": values.pop("tags", [])}}\n'
        '        await db.tools.update_one({"_id": toolKey}, {"$set": {"key": toolKey, **values}, "$push": tags})\n',
        notices="a tag that was removed is still there, others twice",
    ),
    _fault(
        name="shelf cannot be emptied",
        path=TOOLS,
        old="for field, value in sent.items() if value is not None}",
        new='for field, value in sent.items() if value not in (None, "")}',
        notices="a shelf that was cleared comes back",
    ),
    _fault(
        name="only half of the PIN counts",
        path=MEMBERS,
        old="hashlib.scrypt, pin.encode(),",
        new="hashlib.scrypt, pin[2:].encode(),",
        notices="a PIN with two wrong digits signs in",
    ),
    _fault(
        name="joining again takes the account",
        path=MEMBERS,
        old='        raise HTTPException(409, "Somebody of that name has joined already.") from None\n',
        new='        await db.members.update_one({"_id": stored["_id"]}, {"$set": {"pin": body.pin}})\n',
        notices="who joins under my name sees my loans",
    ),
    _fault(
        name="PIN kept in plain text",
        path=MEMBERS,
        old='{**stored, "digest": await digest(body.pin, salt)}',
        new='{**stored, "pin": body.pin, "digest": await digest(body.pin, salt)}',
        notices="whoever gets the database has everybody's PIN",
    ),
    _fault(
        name="session that can be guessed",
        path=MEMBERS,
        old="    token = secrets.token_urlsafe(24)\n",
        new='    token = hashlib.sha256(member.key.encode()).hexdigest()[:8] + "-session"\n'
        '    await db.sessions.delete_one({"_id": token})\n',
        notices="who knows a name can make its session",
    ),
)
