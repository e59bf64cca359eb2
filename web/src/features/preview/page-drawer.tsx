// What the app's page writes to its console and asks of its server, newest last.

import { useState } from "react";
import { useSuggest } from "../../shared/run/use-suggest";
import { Button } from "../../shared/ui/button";
import { asText, isBad, type PageLine } from "./places";

const FILTERS = { all: "All", problems: "Problems", log: "Console", request: "Requests" } as const;
type Filter = keyof typeof FILTERS;

export function PageDrawer({ lines, onClear }: { lines: readonly PageLine[]; onClear: () => void }) {
  const [filter, setFilter] = useState<Filter>("all");
  const [typed, setTyped] = useState("");
  const suggest = useSuggest();
  const wanted = typed.trim().toLowerCase();
  const shown = lines.filter((line) => (filter === "all" || (filter === "problems" ? isBad(line) : line.kind === filter)) && asText(line).toLowerCase().includes(wanted));
  const send = () => suggest(`The page of the app tells this:\n${shown.slice(-20).map(asText).join("\n").slice(0, 4000)}\n`);
  return (
    <section aria-label="What the page tells" className="grid h-56 grid-rows-[auto_minmax(0,1fr)] border-t border-line bg-paper">
      <div className="flex flex-wrap items-center gap-1 border-b border-line px-2 py-1">
        {Object.entries(FILTERS).map(([name, title]) => <Button key={name} small look="quiet" aria-pressed={filter === name} className="aria-pressed:bg-sunk aria-pressed:text-ink" onClick={() => setFilter(name as Filter)}>{title}</Button>)}
        <input type="search" aria-label="Filter what the page tells" placeholder="Filter" value={typed} onChange={(event) => setTyped(event.target.value)} className="h-7 min-w-20 flex-1 rounded-lg bg-sunk px-2 text-sm" />
        <Button small disabled={!shown.length} onClick={send}>Send to chat</Button>
        <Button small look="quiet" disabled={!lines.length} onClick={onClear}>Clear</Button>
      </div>
      <div tabIndex={0} role="log" aria-label="Lines" className="overflow-auto font-mono text-xs">
        {shown.length ? <ul>{shown.map((line, index) => <li key={index} className={`border-b border-line px-3 py-1 whitespace-pre-wrap wrap-anywhere ${isBad(line) ? "bg-bad-tint text-bad" : ""}`}>{asText(line)}</li>)}</ul>
          : <p className="px-3 py-2 font-sans text-sm text-soft">{lines.length ? "Nothing fits." : "Nothing yet. Errors, messages and requests of the page are shown here."}</p>}
      </div>
    </section>
  );
}
