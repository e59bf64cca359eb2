// Files that differ between two places, each opened to its lines; what can be taken back, can be taken back here.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronRight, Undo2 } from "lucide-react";
import { useState } from "react";
import { api, taken, type Schemas } from "../api/client";
import { projectKey } from "../run/queries";
import { Button } from "../ui/button";
import { Trouble } from "../ui/empty";
import { numbered } from "./lines";

export type Sides = { before?: string; after?: string; run_id?: string };
const LETTERS = { created: ["new", "text-good"], modified: ["changed", "text-soft"], deleted: ["deleted", "text-bad"] } as const;

export function useChanges(id: string, sides: Sides, beat: unknown = null) {
  return useQuery({
    queryKey: [...projectKey(id, "changes"), sides, beat],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/changes", { params: { path: { project_id: id }, query: sides } })),
    placeholderData: (old: Schemas["ChangesOut"] | undefined, query) => (JSON.stringify(query?.queryKey[3]) === JSON.stringify(sides) ? old : undefined),
  });
}

// `isOpen` is for few files: their lines show at once.
export function ChangedFiles({ id, changes, canRevert }: { id: string; changes: Schemas["ChangesOut"]; canRevert: boolean }) {
  return (
    <>
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-paper">
        {changes.files.map((file) => <ChangedFile key={file.path} id={id} file={file} sides={{ before: changes.before, after: changes.after }} canRevert={canRevert} startsOpen={changes.files.length === 1} />)}
      </ul>
      {changes.more ? <p className="mt-2 text-sm text-soft">{changes.more} more files differ.</p> : null}
    </>
  );
}

function ChangedFile({ id, file, sides, canRevert, startsOpen }: { id: string; file: Schemas["ChangedFile"]; sides: Sides; canRevert: boolean; startsOpen: boolean }) {
  const [isOpen, setOpen] = useState(startsOpen);
  const [word, colour] = LETTERS[file.change];
  return (
    <li>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)} className="group">
        <summary className="flex min-w-0 items-center gap-2 px-3 py-2 text-sm hover:bg-hover focus-visible:-outline-offset-2">
          <ChevronRight size={14} aria-hidden className="shrink-0 text-soft transition-transform group-open:rotate-90" />
          <span className="min-w-0 flex-1 truncate font-mono text-xs" title={file.path}>{file.path}</span>
          <span className={`shrink-0 text-xs ${colour}`}>{word}</span>
          <span className="shrink-0 font-mono text-xs tabular-nums"><span className="text-good">+{file.added}</span> <span className="text-bad">−{file.removed}</span></span>
        </summary>
        {isOpen ? <Lines id={id} file={file} sides={sides} canRevert={canRevert} /> : null}
      </details>
    </li>
  );
}

function Lines({ id, file, sides, canRevert }: { id: string; file: Schemas["ChangedFile"]; sides: Sides; canRevert: boolean }) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const { data, error } = useQuery({
    queryKey: [...projectKey(id, "changes"), "file", file.path, sides, file.after],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/changes/file", { params: { path: { project_id: id }, query: { ...sides, path: file.path } } })),
  });
  const revert = async (hunk: number | null) => {
    setBusy(true);
    try {
      await taken(api.POST("/api/projects/{project_id}/changes/revert", { params: { path: { project_id: id } }, body: { path: file.path, to: sides.before ?? "nothing", hunk, sha256: file.after ?? null } }));
      setProblem("");
    } catch (caught) { setProblem(caught instanceof Error ? caught.message : String(caught)); }
    setBusy(false);
    await queries.invalidateQueries({ queryKey: ["project", id] });
  };
  if (error) return <div className="p-2"><Trouble>{error.message}</Trouble></div>;
  if (!data) return <p className="px-3 py-2 text-sm text-soft"><span className="breathe">Comparing…</span></p>;
  return (
    <div className="border-t border-line">
      {problem ? <div className="p-2"><Trouble>{problem}</Trouble></div> : null}
      {canRevert ? <div className="flex justify-end border-b border-line px-2 py-1"><Button small look="quiet" disabled={isBusy} onClick={() => void revert(null)}><Undo2 size={14} aria-hidden />{file.change === "created" ? "Remove this file" : "Bring the whole file back"}</Button></div> : null}
      {data.hunks.map((hunk, index) => (
        <section key={index} aria-label={`Change ${index + 1} of ${data.hunks.length}`} className={index ? "border-t border-line" : ""}>
          {canRevert && data.hunks.length > 1 ? <div className="flex items-center justify-between gap-2 bg-sunk px-3 text-xs text-soft"><span>Line {hunk.new_start}</span><Button small look="quiet" disabled={isBusy} className="!text-xs" onClick={() => void revert(index)}>Bring this place back</Button></div> : null}
          <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={`Lines of ${file.path}`}>
            <table className="w-full border-collapse font-mono text-xs"><tbody>
              {numbered(hunk).map((line, at) => (
                <tr key={at} className={line.kind === "+" ? "bg-good-tint" : line.kind === "-" ? "bg-bad-tint" : ""}>
                  <td className="w-10 min-w-10 px-1 text-right align-top text-soft tabular-nums select-none">{line.old ?? ""}</td>
                  <td className="w-10 min-w-10 px-1 text-right align-top text-soft tabular-nums select-none">{line.new ?? ""}</td>
                  <td className={`w-4 min-w-4 align-top select-none ${line.kind === "+" ? "text-good" : "text-bad"}`}>{line.kind === " " ? "" : line.kind === "-" ? "−" : "+"}</td>
                  <td className="pr-3 whitespace-pre">{line.text || " "}</td>
                </tr>
              ))}
            </tbody></table>
          </div>
        </section>
      ))}
      {data.note ? <p className="px-3 py-2 text-sm text-soft">{data.note}</p> : data.hunks.length ? null : <p className="px-3 py-2 text-sm text-soft">The file is empty.</p>}
    </div>
  );
}
