import { useQueryClient } from "@tanstack/react-query";
import { Download, Pencil } from "lucide-react";
import { useEffect, useState } from "react";
import { api, projectUrl, taken } from "../shared/api/client";
import { useProjectView } from "../shared/run/project-context";
import { lastTurn, liveTurn } from "../shared/run/project-store";
import { projectKey, useProjectState } from "../shared/run/queries";
import { now } from "../shared/run/words";
import { ProofBadge, proofOf } from "../shared/ui/proof-badge";
import { ThemeButton } from "../shared/ui/theme-button";
import { useEnding } from "./use-ending";
import { Brand } from "./header";

export function ProjectHeader() {
  const id = useProjectView((view) => view.id);
  const state = useProjectState(id);
  const sending = useProjectView((view) => view.sending);
  const live = useProjectView(liveTurn);
  const last = useProjectView(lastTurn);
  const name = state.data?.name ?? sending ?? last?.message.slice(0, 80) ?? "";
  const before = useEnding(name, live, last);
  useEffect(() => {
    document.title = name ? `${before}${name} · Stackwright` : "Stackwright";
    return () => { document.title = "Stackwright"; };
  }, [name, before]);
  const report = last?.report ?? state.data?.last_report ?? null;
  return (
    <header className="flex h-13 min-w-0 items-center gap-3 border-b border-line bg-paper px-4">
      <Brand isSmall />
      <Name key={name} id={id} name={name} />
      <p role="status" className="sr-only">{live ? now(live) : ""}</p>
      <div className="ml-auto flex shrink-0 items-center gap-1">
        {live || !report ? null : <ProofBadge proof={proofOf(report)} />}
        <a href={`${projectUrl(id)}/download`} aria-label="Download the app" title="Download the app"
          className="grid size-8 place-items-center rounded-lg text-soft hover:bg-hover hover:text-ink"><Download size={16} /></a>
        <ThemeButton />
      </div>
    </header>
  );
}

function Name({ id, name }: { id: string; name: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const queries = useQueryClient();
  const save = async () => {
    const wanted = draft?.trim();
    setDraft(null);
    if (!wanted || wanted === name) return;
    await taken(api.PATCH("/api/projects/{project_id}", { params: { path: { project_id: id } }, body: { name: wanted } })).catch(() => undefined);
    await queries.invalidateQueries({ queryKey: projectKey(id, "state") });
  };
  if (draft !== null)
    return (
      <input autoFocus aria-label="Name of the project" value={draft} maxLength={200} onChange={(event) => setDraft(event.target.value)}
        onBlur={() => void save()} onKeyDown={(event) => { if (event.key === "Enter") void save(); if (event.key === "Escape") setDraft(null); }}
        className="h-8 min-w-0 flex-1 rounded-lg border border-strong bg-paper px-2 font-semibold" />
    );
  return (
    <div className="group flex min-w-0 items-center gap-1">
      <h1 className="truncate font-semibold">{name || "New project"}</h1>
      {name ? (
        <button type="button" aria-label="Rename" title="Rename" onClick={() => setDraft(name)}
          className="grid size-7 shrink-0 place-items-center rounded-lg text-soft opacity-0 group-hover:opacity-100 hover:bg-hover focus-visible:opacity-100">
          <Pencil size={14} />
        </button>
      ) : null}
    </div>
  );
}
