import { useQuery } from "@tanstack/react-query";
import { CaseSensitive } from "lucide-react";
import { useEffect, useState } from "react";
import { api, taken, type Schemas } from "../../shared/api/client";
import { Trouble } from "../../shared/ui/empty";

const PAUSE_MS = 250;

export function SearchFiles({ id, onOpen }: { id: string; onOpen: (path: string, line: number) => void }) {
  const [text, setText] = useState("");
  const [matchCase, setMatchCase] = useState(false);
  const wanted = useSettled(text.trim());
  const { data, error, isFetching } = useQuery({
    queryKey: ["search", id, wanted, matchCase],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/search", { params: { path: { project_id: id }, query: { q: wanted, match_case: matchCase } } })),
    enabled: wanted !== "",
  });
  return (
    <div className="grid h-full grid-rows-[auto_minmax(0,1fr)]">
      <div className="flex gap-1 p-2">
        <input autoFocus type="search" aria-label="Search in all files" placeholder="Search in all files" value={text} maxLength={200} onChange={(event) => setText(event.target.value)}
          className="h-8 min-w-0 flex-1 rounded-lg border border-line bg-paper px-2 text-sm" />
        <button type="button" aria-label="Match upper and lower case" title="Match upper and lower case" aria-pressed={matchCase} onClick={() => setMatchCase(!matchCase)}
          className="grid size-8 shrink-0 place-items-center rounded-lg text-soft hover:bg-hover aria-pressed:bg-tint aria-pressed:text-accent"><CaseSensitive size={16} /></button>
      </div>
      <div className="overflow-y-auto pb-2 text-sm" tabIndex={0} role="region" aria-label="What was found" aria-busy={isFetching}>
        {error ? <div className="p-2"><Trouble>{error.message}</Trouble></div> : null}
        {wanted && data ? <Hits found={data} onOpen={onOpen} /> : <p className="px-3 text-soft">{wanted ? "Searching…" : "Every line that has your text is shown here."}</p>}
      </div>
    </div>
  );
}

function Hits({ found, onOpen }: { found: Schemas["SearchOut"]; onOpen: (path: string, line: number) => void }) {
  const groups = new Map<string, Schemas["HitOut"][]>();
  for (const hit of found.hits) groups.set(hit.path, [...(groups.get(hit.path) ?? []), hit]);
  if (!found.hits.length) return <p className="px-3 text-soft">Nothing was found.</p>;
  return (
    <>
      {[...groups].map(([path, hits]) => (
        <section key={path} className="mb-2">
          <h3 className="truncate px-3 font-mono text-xs text-soft" title={path}>{path}</h3>
          <ul>
            {hits.map((hit) => (
              <li key={hit.line}>
                <button type="button" onClick={() => onOpen(path, hit.line)} className="flex w-full min-w-0 gap-2 px-3 py-0.5 text-left font-mono text-xs hover:bg-hover focus-visible:-outline-offset-2">
                  <span className="w-8 shrink-0 text-right text-soft tabular-nums">{hit.line}</span><span className="truncate">{hit.text.trim()}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {found.is_complete ? null : <p className="px-3 text-soft">There is more. Search for something longer.</p>}
    </>
  );
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
