"""Faults of the household: an application as the scaffold makes it."""

from functools import partial

from prove.faults.fault import Fault

_fault = partial(Fault, app="household")
STORE = "backend/store.py"
LINKS = "backend/links.py"
FIELDS = "backend/fields.py"
ROUTER = "backend/routers/chores.py"
REGISTRY = "backend/registry.py"
PARTS = "frontend/components/records"
RESOURCES = "frontend/lib/resources.ts"

FAULTS = (
    _fault(
        name="lost write",
        path=STORE,
        old="            await self.records.insert_one({**document, **place})\n"
        '        return await self.get(document["_id"])\n',
        new="        return (await self._present([{**document, **place}]))[0]\n",
        notices="what was added is gone after a reload",
    ),
    _fault(
        name="page 2 repeats page 1",
        path=STORE,
        old="            .skip((paging.page - 1) * paging.page_size)\n",
        new="",
        notices="the second page shows the records of the first",
    ),
    _fault(
        name="sort direction ignored",
        path=STORE,
        old='-1 if sort.startswith("-") else 1',
        new="1",
        notices="newest first shows the oldest first",
    ),
    _fault(
        name="total of the page instead of all",
        path=STORE,
        old="total = await self.records.count_documents(query, collation=CASELESS)",
        new="total = len(items)",
        notices="there is no way to the second page",
    ),
    _fault(
        name="search ignored",
        path=STORE,
        old='            query["$or"] = await self._matches(paging.q)\n',
        new="            await self._matches(paging.q)\n",
        notices="the search finds everything",
    ),
    _fault(
        name="update stores only some fields",
        path=STORE,
        old='{**values, **place, "updated_at": _now()}',
        new='{**dict(list(values.items())[:1]), "updated_at": _now()}',
        notices="only the first of several changes is kept",
    ),
    _fault(
        name="update is not stored",
        path=STORE,
        old='{**values, **place, "updated_at": _now()}',
        new='{"updated_at": _now()}',
        notices="changes are gone after a reload",
    ),
    _fault(
        name="delete keeps",
        path=STORE,
        old="        await delete_with_dependents(self.entity, record_id, self.owner)\n",
        new="        delete_with_dependents\n",
        notices="a deleted record is still there",
    ),
    _fault(
        name="filter reversed",
        path=STORE,
        old="                query[key] = wanted\n",
        new='                query[key] = {"$ne": wanted}\n',
        notices="the filter shows everything but what was chosen",
    ),
    _fault(
        name="cascade missing",
        path=REGISTRY,
        old='Reference("list", "lists", "List", "cascade")',
        new='Reference("list", "lists", "List", "unlink")',
        notices="chores of a deleted list stay behind without a list",
    ),
    _fault(
        name="reference not checked",
        path=LINKS,
        old="    if problems:\n        raise InvalidFields(problems)\n",
        new="",
        notices="a chore can belong to a list that is not there",
    ),
    _fault(
        name="titles of references missing",
        path=LINKS,
        old='                    document["titles"][key] = titles[one]\n',
        new="                    pass\n",
        notices="the list of a chore is shown as a number",
    ),
    _fault(
        name="unknown fields accepted",
        path=FIELDS,
        old='ConfigDict(extra="forbid", validate_by_name=False, validate_by_alias=True)',
        new='ConfigDict(extra="allow", validate_by_name=False, validate_by_alias=True)',
        notices="anything that is sent along is stored",
    ),
    _fault(
        name="filter ignored",
        path=ROUTER,
        old='        ("effort", "is", by_effort),\n',
        new="",
        notices="the filter by effort changes nothing",
    ),
    _fault(
        name="wrong status for a new record",
        path=ROUTER,
        old="    status_code=status.HTTP_201_CREATED,\n",
        new="    status_code=status.HTTP_202_ACCEPTED,\n",
        notices="nothing; other programs do",
    ),
    _fault(
        name="limit off by one",
        path="backend/models.py",
        old="minutes: Annotated[Whole, Field(ge=1, le=600)] | None = None",
        new="minutes: Annotated[Whole, Field(ge=1, le=601)] | None = None",
        notices="a chore of 601 minutes is accepted",
    ),
    _fault(
        name="form sends nothing",
        path=f"{PARTS}/record-form.tsx",
        old="onSubmit={form.handleSubmit((values) => save.mutate(values))}",
        new="onSubmit={form.handleSubmit(() => onClose())}",
        notices="what was typed into the form is lost",
    ),
    _fault(
        name="dead form",
        path=f"{PARTS}/record-form.tsx",
        old='<Button type="submit" disabled={save.isPending}>',
        new='<Button type="button" disabled={save.isPending}>',
        notices="the form cannot be sent",
    ),
    _fault(
        name="list not refreshed",
        path=f"{PARTS}/record-form.tsx",
        old="      await client.invalidateQueries();\n",
        new="      client.getQueryCache();\n",
        notices="what was added appears only after a reload",
    ),
    _fault(
        name="refusal not shown",
        path=f"{PARTS}/record-form.tsx",
        old='      if (known.length === 0) form.setError("root", { message: error.message });\n',
        new="",
        notices="a refused form says nothing",
    ),
    _fault(
        name="edit makes a new record",
        path=f"{PARTS}/record-form.tsx",
        old="await (record ? resource.api.update(record.id, body) : resource.api.create(body));",
        new="await resource.api.create(body);",
        notices="every change makes a copy",
    ),
    _fault(
        name="delete button dead",
        path=f"{PARTS}/delete-dialog.tsx",
        old="onConfirm={() => remove.mutate(record.id, { onSuccess: () => onDeleted?.(), onSettled: onClose })}",
        new="onConfirm={() => (remove.isPending ? onDeleted?.() : onClose())}",
        notices="Delete closes the question and deletes nothing",
    ),
    _fault(
        name="search box dead",
        path=f"{PARTS}/record-list.tsx",
        old="const query: Query = { q, sort,",
        new="const query: Query = { sort,",
        notices="typing into the search changes nothing",
    ),
    _fault(
        name="next page dead",
        path=f"{PARTS}/record-list.tsx",
        old="onClick={() => onPage(page + 1)}",
        new="onClick={() => onPage(page)}",
        notices="the second page cannot be reached",
    ),
    _fault(
        name="sort box dead",
        path=f"{PARTS}/record-list.tsx",
        old="          onSort={setSort}\n        />\n      )}\n      <div",
        new="          onSort={() => undefined}\n        />\n      )}\n      <div",
        notices="choosing another order changes nothing",
    ),
    _fault(
        name="crash on an empty list",
        path=f"{PARTS}/record-list.tsx",
        old="  const nouns = inSentence(resource.labelPlural);\n  if (isNarrowed) {",
        new="  const nouns = inSentence(resource.labelPlural);\n"
        '  if (!isNarrowed) throw new Error("nothing here");\n  if (isNarrowed) {',
        notices="every list crashes before there is a record",
    ),
    _fault(
        name="trouble looks like an empty list",
        path=f"{PARTS}/record-list.tsx",
        old="<ErrorState message={list.error.message} onRetry={() => void list.refetch()} />",
        new="<NothingHere resource={resource} isNarrowed={false} onAdd={onAdd} onReset={reset} />",
        notices="when the server has trouble all seems to be lost",
    ),
    _fault(
        name="field missing in the form",
        path=RESOURCES,
        old='    {\n      name: "minutes",\n      label: "Minutes",\n      type: "integer",\n'
        "      nullable: true,\n      minimum: 1.0,\n      maximum: 600.0,\n    },\n",
        new="",
        notices="minutes cannot be entered",
    ),
    _fault(
        name="choices differ from the backend's",
        path=RESOURCES,
        old='choices: ["Small", "Medium", "Large"]',
        new='choices: ["Small", "Medium", "Huge"]',
        notices="one of the choices is always refused",
    ),
    _fault(
        name="calls another resource",
        path=RESOURCES,
        old="    remove: api.deleteChore,\n",
        new="    remove: api.deleteList,\n",
        notices="chores cannot be deleted",
    ),
    _fault(
        name="navigation lacks a page",
        path="frontend/lib/app.ts",
        old="  { resource: resources.choresResource, icon: CheckCircle2 },\n",
        new="",
        notices="there is no way to the chores",
    ),
    _fault(
        name="page shows another kind",
        path="frontend/pages/chores/index.tsx",
        old='import { choresResource } from "@/lib/resources";\n\n'
        "export default function ChoresListPage() {\n  return <ListPage resource={choresResource} />;\n",
        new='import { listsResource } from "@/lib/resources";\n\n'
        "export default function ChoresListPage() {\n  return <ListPage resource={listsResource} />;\n",
        notices="the page of the chores shows lists",
    ),
    _fault(
        name="style sheet missing",
        path="frontend/pages/_app.tsx",
        old='import "@/styles/globals.css";\n',
        new="",
        notices="the app comes without any design",
    ),
    _fault(
        name="console error",
        path="frontend/components/app-shell.tsx",
        old="  const [isOpen, setOpen] = useState(false);\n",
        new="  const [isOpen, setOpen] = useState(false);\n"
        '  if (typeof window !== "undefined") console.error("state was lost");\n',
        notices="nothing, until something goes wrong",
    ),
    _fault(
        name="package of the backend not in the lock file",
        path="backend/main.py",
        old="from application import create_app\n",
        new="from application import create_app\nimport yaml\n",
        notices="the app does not start elsewhere",
    ),
    _fault(
        name="hard-coded port",
        path="frontend/next.config.ts",
        old='process.env.BACKEND_URL ?? "http://127.0.0.1:8000"',
        new='"http://127.0.0.1:8000"',
        notices="the published app finds no backend",
    ),
    _fault(
        name="a change loses the minutes",
        path="frontend/components/records/record-form.tsx",
        old="const body = { ...toBody(fields, values), ...fixed };",
        new='const body = { ...toBody(fields, values), ...fixed, ...(record && resource.slug === "chores" ? { minutes: null } : {}) };',
        notices="whoever renames a chore loses its minutes",
    ),
)
