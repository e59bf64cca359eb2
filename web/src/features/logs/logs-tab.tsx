// What the parts of the app say and what the platform did, in one stream.

import { ScrollText } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { projectUrl } from "../../shared/api/client";
import { useProject, useProjectView } from "../../shared/run/project-context";
import { lastTurn } from "../../shared/run/project-store";
import { Button } from "../../shared/ui/button";
import { Empty, Loading } from "../../shared/ui/empty";
import { addLines, filtered, type Level, type Line } from "./lines";
import { platformLines } from "./platform-lines";

const Terminal = lazy(() => import("./terminal"));

const LEVELS: [Level, string][] = [["info", "Everything"], ["warning", "Warnings and errors"], ["error", "Errors"]];
const COLOURS: Record<Level, string> = { info: "", warning: "bg-fair-tint text-fair", error: "bg-bad-tint text-bad" };
const STICKY_PX = 40;

export default function LogsTab() {
  const id = useProjectView((view) => view.id);
  const [isTerminal, setTerminal] = useState(false);
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <div role="group" aria-label="What is shown" className="flex gap-1 border-b border-line bg-paper px-2 pt-2 pb-1">
        {[["Log", false], ["Terminal", true]].map(([title, value]) => (
          <Button key={String(title)} small look="quiet" aria-pressed={isTerminal === value} onClick={() => setTerminal(value === true)} className="aria-pressed:bg-sunk aria-pressed:text-ink">{title}</Button>
        ))}
      </div>
      {isTerminal ? <Suspense fallback={<Loading what="Opening the terminal" />}><Terminal id={id} /></Suspense> : <Log />}
    </div>
  );
}

function Log() {
  const id = useProjectView((view) => view.id);
  const turn = useProjectView(lastTurn);
  const project = useProject();
  const { lines, isAsleep, isLost } = useStream(id);
  const [level, setLevel] = useState<Level>("info");
  const [source, setSource] = useState("");
  const [words, setWords] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const all = useMemo(() => [...platformLines(turn), ...lines], [turn, lines]);
  const shown = useMemo(() => filtered(all, { level, source, words }), [all, level, source, words]);
  const sources = useMemo(() => [...new Set(all.map((line) => line.source))].sort(), [all]);
  useEffect(() => { if (sticks.current && box.current) box.current.scrollTop = box.current.scrollHeight; }, [shown]);
  const errors = shown.filter((line) => line.level === "error").slice(-20).map((line) => `${line.source}: ${line.text}`).join("\n");
  return (
    <div className="grid h-full grid-rows-[auto_auto_minmax(0,1fr)]">
      <div className="flex flex-wrap items-center gap-2 border-b border-line bg-paper p-2 text-sm">
        <select aria-label="Which lines" value={level} onChange={(event) => setLevel(event.target.value as Level)} className="h-8 rounded-lg border border-line bg-paper px-2">{LEVELS.map(([value, title]) => <option key={value} value={value}>{title}</option>)}</select>
        <select aria-label="Of which part" value={source} onChange={(event) => setSource(event.target.value)} className="h-8 rounded-lg border border-line bg-paper px-2"><option value="">All parts</option>{sources.map((one) => <option key={one}>{one}</option>)}</select>
        <input type="search" aria-label="Search in the log" placeholder="Search" value={words} onChange={(event) => setWords(event.target.value)} className="h-8 min-w-24 flex-1 rounded-lg border border-line bg-paper px-2" />
        {errors ? <Button small onClick={() => project.suggest(`These errors are in the log. Find out why and mend it.\n\n${errors.slice(0, 4000)}`)}>Put the errors into a message</Button> : null}
      </div>
      {isAsleep ? <p className="border-b border-line bg-paper px-3 py-1.5 text-sm text-soft">The app is asleep, so it says nothing. Open the preview to wake it.</p>
        : isLost ? <p role="status" className="border-b border-line bg-paper px-3 py-1.5 text-sm text-soft"><span className="breathe">The connection was lost. Trying again…</span></p> : <div />}
      {all.length === 0 ? <Empty icon={<ScrollText size={20} />} title="Nothing was said yet">What your app’s server and pages print is shown here while they run, with errors in red.</Empty> : (
        <div ref={box} className="overflow-auto bg-paper py-2 font-mono text-xs" tabIndex={0} role="log" aria-live="off" aria-label="Log"
          onScroll={(event) => { const at = event.currentTarget; sticks.current = at.scrollHeight - at.scrollTop - at.clientHeight < STICKY_PX; }}>
          {shown.map((line) => (
            <div key={line.key} className={`flex gap-3 px-3 [contain-intrinsic-size:auto_18px] [content-visibility:auto] ${COLOURS[line.level]}`}>
              <span className="w-16 shrink-0 truncate text-soft select-none" title={line.source}>{line.source}</span>
              <span className="min-w-0 whitespace-pre-wrap wrap-anywhere">{line.level === "error" ? <span className="sr-only">Error: </span> : null}{line.text}</span>
            </div>
          ))}
          {shown.length ? null : <p className="px-3 font-sans text-sm text-soft">No line is like this.</p>}
        </div>
      )}
    </div>
  );
}

function useStream(id: string) {
  const [lines, setLines] = useState<Line[]>([]);
  const [isAsleep, setAsleep] = useState(false);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    setLines([]);
    const source = new EventSource(`${projectUrl(id)}/logs/stream`);
    source.onopen = () => setLost(false);
    source.onerror = () => setLost(true);
    source.onmessage = (event: MessageEvent<string>) => {
      try {
        const piece = JSON.parse(event.data) as { is_asleep: boolean; lines: { service: string; level: Level; text: string }[] };
        setAsleep(piece.is_asleep);
        setLines((before) => addLines(before, piece.lines));
      } catch { /* the next one may be whole */ }
    };
    return () => source.close();
  }, [id]);
  return { lines, isAsleep, isLost };
}
