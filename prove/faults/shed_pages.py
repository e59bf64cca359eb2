"""Faults of the tool shed before people: pages made on the server, dialogs, cents and days."""

from functools import partial

from prove.faults.fault import Fault

_fault = partial(Fault, app="shed")
LIST = "frontend/app/page.tsx"
TOOL = "frontend/app/tools/[toolKey]/page.tsx"
MY_LOANS = "frontend/app/loans/page.tsx"
TAKINGS = "frontend/app/takings/page.tsx"
IMPORT = "frontend/app/import/page.tsx"
ENTRANCE = "frontend/app/enter/page.tsx"
LAYOUT = "frontend/app/layout.tsx"
STYLES = "frontend/app/shed.css"
FILTERS = "frontend/components/tool-filters.tsx"
FIELDS = "frontend/components/tool-fields.tsx"
STATE = "frontend/components/tool-state.tsx"
NEW = "frontend/components/new-tool.tsx"
EDITOR = "frontend/components/tool-editor.tsx"
ACTIONS = "frontend/components/loan-actions.tsx"
LOAN_LIST = "frontend/components/loan-list.tsx"
SIGN_OUT = "frontend/components/sign-out.tsx"
READ = "frontend/lib/read.ts"
SEND = "frontend/lib/send.ts"
USE_SEND = "frontend/lib/use-send.ts"
WORDS = "frontend/lib/words.ts"

FAULTS = (
    _fault(
        name="cents of a deposit cut",
        path=WORDS,
        old='return Math.round(Number(typed.trim().replace(",", ".") || "0") * 100);',
        new='return Math.floor(Number(typed.trim().replace(",", ".") || "0") * 100);',
        notices="19.99 is kept as 19.98",
    ),
    _fault(
        name="cents not shown",
        path=WORDS,
        old="(cents / 100).toFixed(2)",
        new="Math.round(cents / 100)",
        notices="a deposit of 7.50 is shown as 8",
    ),
    _fault(
        name="days shift westwards",
        path=WORDS,
        old='year: "numeric", timeZone: "UTC" });\nconst MONTH',
        new='year: "numeric", timeZone: "America/New_York" });\nconst MONTH',
        notices="every due date is shown a day early",
    ),
    _fault(
        name="comma in a deposit",
        path=WORDS,
        old='.replace(",", ".")',
        new='.replace(",", "")',
        notices="12,50 becomes 1250 euros",
    ),
    _fault(
        name="second tag is lost",
        path=WORDS,
        old='typed.split(",").map(',
        new='typed.split(",", 1).map(',
        notices="only the first tag is kept",
    ),
    _fault(
        name="filters forgotten on page 2",
        path=LIST,
        old="new URLSearchParams({ ...filters, from: String(start) })",
        new="new URLSearchParams({ from: String(start) })",
        notices="Next shows all tools, not those that were searched",
    ),
    _fault(
        name="page 2 begins one late",
        path=LIST,
        old="<Link href={pageFrom(offset + PER_PAGE)}>Next</Link>",
        new="<Link href={pageFrom(offset + PER_PAGE + 1)}>Next</Link>",
        notices="the eleventh tool is on no page",
    ),
    _fault(
        name="list kept from before",
        path=READ,
        old='{ cache: "no-store", headers: { cookie } }',
        new='{ cache: "force-cache", headers: { cookie } }',
        notices="what was changed is shown only after the server was restarted",
    ),
    _fault(
        name="trouble looks like emptiness",
        path=READ,
        old='  if (!answer?.ok) return { problem: "The shed does not answer. Please load the page again in a moment." };\n',
        new="  if (!answer?.ok) return { data: { items: [], total: 0, months: [], totalCents: 0 } as T };\n",
        notices="when the server has trouble all tools seem to be gone",
    ),
    _fault(
        name="missing tool as an error",
        path=READ,
        old="  if (answer?.status === 404) notFound();\n",
        new='  if (answer?.status === 404) throw new Error("404");\n',
        notices="an old link ends in “Internal Server Error”",
    ),
    _fault(
        name="strangers see an empty page",
        path=READ,
        old='  if (answer?.status === 401) redirect("/enter");\n',
        new="",
        notices="without a session there is no way to the entrance",
    ),
    _fault(
        name="refusal taken for success",
        path=SEND,
        old="  if (answer.ok) return",
        new="  if (answer.ok || answer.status === 409) return",
        notices="borrowing what somebody else has says that it worked",
    ),
    _fault(
        name="reason not told",
        path=SEND,
        old='typeof told?.detail === "string" ? told.detail : ',
        new="",
        notices="one is told to check what was typed, whatever the reason is",
    ),
    _fault(
        name="sent twice with two clicks",
        path=USE_SEND,
        old="    if (isBusy.current) return false;\n    isBusy.current = true;\n    setSending(true);\n",
        new="    isBusy.current = true;\n",
        notices="a double click adds a tool twice",
    ),
    _fault(
        name="page not read again",
        path=USE_SEND,
        old="      router.refresh();\n",
        new="      router.prefetch(window.location.pathname);\n",
        notices="what was saved appears only after a reload",
    ),
    _fault(
        name="says saved before it is",
        path=USE_SEND,
        old="      await act();\n      toast.success(done);\n",
        new="      void act().catch(() => undefined);\n      toast.success(done);\n",
        notices="“Saved.” although the server refused",
    ),
    _fault(
        name="dialog closes although refused",
        path=NEW,
        old='    if (await run(() => send("POST", "/tools", tool), `${tool.name} is in the shed.`)) onClose();\n',
        new='    await run(() => send("POST", "/tools", tool), `${tool.name} is in the shed.`);\n    onClose();\n',
        notices="when saving fails all that was typed is gone",
    ),
    _fault(
        name="dialog stays after saving",
        path=NEW,
        old="is in the shed.`)) onClose();\n",
        new="is in the shed.`)) return;\n",
        notices="nothing tells that it worked, and a second click adds the tool again",
    ),
    _fault(
        name="edit closes although refused",
        path=EDITOR,
        old='    if (await run(() => send("PATCH", path, change), "Saved.")) setOpen(false);\n',
        new='    await run(() => send("PATCH", path, change), "Saved.");\n    setOpen(false);\n',
        notices="a change that was refused is lost with its form",
    ),
    _fault(
        name="cancel saves",
        path=EDITOR,
        old='          <button type="button" onClick={() => setOpen(false)}>\n            Cancel\n',
        new='          <button type="submit" onClick={() => setOpen(false)}>\n            Cancel\n',
        notices="Cancel keeps the change",
    ),
    _fault(
        name="tags run together in the edit form",
        path=FIELDS,
        old='tool?.tags.join(", ")}',
        new='tool?.tags.join(" ")}',
        notices="saving without a change makes one tag of two",
    ),
    _fault(
        name="tenfold deposit in the form",
        path=FIELDS,
        old="(tool.depositCents / 100).toFixed(2)",
        new="(tool.depositCents / 10).toFixed(2)",
        notices="each save makes the deposit ten times as high",
    ),
    _fault(
        name="shelf not sent",
        path=FIELDS,
        old='shelf: text("shelf"), depositCents',
        new='shelf: "", depositCents',
        notices="every save clears the shelf",
    ),
    _fault(
        name="days not sent",
        path=ACTIONS,
        old="{ days: Number(days) }",
        new="{ days: 14 }",
        notices="whatever one chooses, the loan lasts 14 days",
    ),
    _fault(
        name="leave is not offered",
        path=ACTIONS,
        old="      {tool.myPlace && (\n",
        new="      {tool.myPlace === 0 && (\n",
        notices="there is no way off the waiting list",
    ),
    _fault(
        name="loan vanishes although refused",
        path=LOAN_LIST,
        old="        startTransition(() => setTrouble(sentence(error)));\n",
        new="        toast.success(sentence(error) && `${loan.toolName} is back.`);\n",
        notices="a return that failed is told as done",
    ),
    _fault(
        name="returns the first loan",
        path=LOAN_LIST,
        old="`/loans/${loan.key}/return`",
        new="`/loans/${loans[0].key}/return`",
        notices="Return gives back another tool than the one in that line",
    ),
    _fault(
        name="returned loans among the open ones",
        path=MY_LOANS,
        old="isReturned=${isReturned}",
        new="isReturned=false",
        notices="the tab Returned shows the open loans",
    ),
    _fault(
        name="all bars alike",
        path=TAKINGS,
        old="`${(100 * month.cents) / most}%`",
        new="`${(100 * most) / most}%`",
        notices="the chart shows each month equally high",
    ),
    _fault(
        name="first month missing in the chart",
        path=TAKINGS,
        old="          {data.months.map((month) => (\n",
        new="          {data.months.slice(1).map((month) => (\n",
        notices="the first month is missing in the chart",
    ),
    _fault(
        name="import says a wrong number",
        path=IMPORT,
        old="      setAdded(answer.added);\n",
        new="      setAdded(answer.added + 1);\n",
        notices="one tool more was imported than the file has",
    ),
    _fault(
        name="import refusal not shown",
        path=IMPORT,
        old='      {trouble && <p role="alert">{trouble}</p>}\n',
        new="",
        notices="a wrong file seems to do nothing",
    ),
    _fault(
        name="PIN readable",
        path=ENTRANCE,
        old='<input required type="password" inputMode="numeric"',
        new='<input required type="text" inputMode="numeric"',
        notices="who looks over the shoulder reads the PIN",
    ),
    _fault(
        name="entrance keeps the wrong way",
        path=ENTRANCE,
        old="onClick={() => setWay(one)}",
        new='onClick={() => setWay("in")}',
        notices="nobody can join",
    ),
    _fault(
        name="signing in leads nowhere",
        path=ENTRANCE,
        old='      router.replace("/");\n',
        new='      router.replace("/enter?done");\n',
        notices="after signing in one still stands at the entrance",
    ),
    _fault(
        name="sign out only in the browser",
        path=SIGN_OUT,
        old='      await send("DELETE", "/session");\n',
        new="",
        notices="after signing out, Back shows everything again",
    ),
    _fault(
        name="tick sends nothing",
        path=FILTERS,
        old='defaultChecked={filters.showRetired === "yes"} onChange={apply} />',
        new='defaultChecked={filters.showRetired === "yes"} />',
        notices="ticking Show retired changes nothing",
    ),
    _fault(
        name="tag box forgets",
        path=FILTERS,
        old='<select name="tag" defaultValue={filters.tag} onChange={apply}>',
        new='<select name="tag" defaultValue="" onChange={apply}>',
        notices="the list is narrowed to a tag that the box does not name",
    ),
    _fault(
        name="out looks like in",
        path=STATE,
        old="  if (tool.outUntil) return",
        new="  if (tool.outUntil && tool.isMine) return",
        notices="a tool that somebody else has is shown as in",
    ),
    _fault(
        name="number of the queue wrong",
        path=TOOL,
        old="you are number ${tool.myPlace}",
        new="you are number ${tool.waiting}",
        notices="all who wait are told that they are last",
    ),
    _fault(
        name="page hidden",
        path=STYLES,
        old="dialog::backdrop { background: rgb(0 0 0 / 50%); }",
        new="dialog::backdrop { background: rgb(0 0 0 / 50%); }\nmain { visibility: hidden; }",
        notices="below the heading the page is empty",
    ),
    _fault(
        name="dialog off the screen",
        path=STYLES,
        old="dialog { width: min(30rem, calc(100vw - 2rem));",
        new="dialog { position: fixed; left: 200vw; width: min(30rem, calc(100vw - 2rem));",
        notices="New tool darkens the page, and there is no form",
    ),
    _fault(
        name="state drawn over",
        path=STYLES,
        old=".retired { text-decoration: line-through; }",
        new=".retired { text-decoration: line-through; }\n.state { color: var(--card); }",
        notices="whether a tool is in cannot be read",
    ),
)
