// Messages that wait until the present work has ended: change them, take them back.

import { useQueryClient } from "@tanstack/react-query";
import { Pencil, X } from "lucide-react";
import { useEffect, useState } from "react";
import { api, taken, type Schemas } from "../../shared/api/client";
import { useProjectView } from "../../shared/run/project-context";
import { projectKey, useQueue } from "../../shared/run/queries";
import { IconButton } from "../../shared/ui/button";

export function Queue({ id, isBusy }: { id: string; isBusy: boolean }) {
  const { data, refetch } = useQueue(id, isBusy);
  const sending = useProjectView((view) => view.sending);
  useEffect(() => { if (isBusy && sending === null) void refetch(); }, [isBusy, sending, refetch]);
  if (!isBusy || !data?.messages.length) return null;
  return (
    <section aria-label="Waiting messages" className="rounded-xl border border-line bg-paper px-3 py-2 text-sm">
      <h3 className="text-soft">Comes after this</h3>
      <ol>{data.messages.map((message) => <Waiting key={message.run_id} id={id} message={message} />)}</ol>
    </section>
  );
}

function Waiting({ id, message }: { id: string; message: Schemas["QueuedOut"] }) {
  const [draft, setDraft] = useState<string | null>(null);
  const queries = useQueryClient();
  const path = { project_id: id, run_id: message.run_id };
  const done = () => queries.invalidateQueries({ queryKey: projectKey(id, "queue") });
  const save = async () => {
    const text = draft?.trim();
    setDraft(null);
    if (text && text !== message.message)
      await taken(api.PATCH("/api/projects/{project_id}/queue/{run_id}", { params: { path }, body: { message: text } })).catch(() => undefined);
    await done();
  };
  const withdraw = async () => {
    await taken(api.DELETE("/api/projects/{project_id}/queue/{run_id}", { params: { path } })).catch(() => undefined);
    await done();
  };
  return (
    <li className="flex min-w-0 items-center gap-1">
      {draft === null ? <span className="min-w-0 flex-1 truncate" title={message.message}>{message.message}</span> : (
        <input autoFocus aria-label="Waiting message" value={draft} onChange={(event) => setDraft(event.target.value)} onBlur={() => void save()}
          onKeyDown={(event) => { if (event.key === "Enter") void save(); if (event.key === "Escape") setDraft(null); }}
          className="min-w-0 flex-1 rounded-md border border-strong bg-paper px-2" />
      )}
      <IconButton label="Change" className="size-7" onClick={() => setDraft(message.message)}><Pencil size={13} /></IconButton>
      <IconButton label="Take back" className="size-7" onClick={() => void withdraw()}><X size={14} /></IconButton>
    </li>
  );
}
