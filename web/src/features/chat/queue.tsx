// Messages that wait until the present work has ended: change them, order them, take them back.

import { useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, X } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { api, taken, type Schemas } from "../../shared/api/client";
import { useProjectView } from "../../shared/run/project-context";
import { projectKey, useQueue } from "../../shared/run/queries";
import { useAttempt } from "../../shared/run/use-attempt";
import { IconButton } from "../../shared/ui/button";
import { Trouble } from "../../shared/ui/empty";
import { moved } from "./order";

type Queued = Schemas["QueuedOut"];

export function Queue({ id, isBusy }: { id: string; isBusy: boolean }) {
  const { data, refetch } = useQueue(id, isBusy);
  const sending = useProjectView((view) => view.sending);
  const list = useRef<HTMLOListElement>(null);
  const [news, setNews] = useState("");
  const { problem, isBusy: isChanging, attempt } = useAttempt();
  const queries = useQueryClient();
  const key = projectKey(id, "queue");
  useEffect(() => { if (isBusy && sending === null) void refetch(); }, [isBusy, sending, refetch]);
  const messages = data?.messages ?? [];
  if (!isBusy || !messages.length) return null;
  const change = (work: () => Promise<unknown>) => attempt(async () => {
    try { await work(); } finally { await queries.invalidateQueries({ queryKey: key }); }
  });
  const move = async (at: number, by: -1 | 1) => {
    const ordered = moved(messages, at, by);
    const one = messages[at];
    if (!ordered || !one || isChanging) return;
    queries.setQueryData(key, { messages: ordered });
    await change(() => taken(api.PUT("/api/projects/{project_id}/queue", { params: { path: { project_id: id } }, body: { run_ids: ordered.map((each) => each.run_id) } })));
    setNews(`It is number ${at + by + 1} of ${messages.length} now.`);
    list.current?.querySelector<HTMLElement>(`[data-run="${CSS.escape(one.run_id)}"]`)?.focus();
  };
  return (
    <section aria-label="Waiting messages" className="rounded-xl border border-line bg-paper px-3 py-2 text-sm">
      <h3 className="text-soft">Comes after this</h3>
      <ol ref={list}>
        {messages.map((message, at) => (
          <Waiting key={message.run_id} id={id} message={message} place={at} of={messages.length} change={change} move={(by) => void move(at, by)} />
        ))}
      </ol>
      <p role="status" className="sr-only">{news}</p>
      {problem ? <Trouble>{problem}</Trouble> : null}
    </section>
  );
}

type Props = { id: string; message: Queued; place: number; of: number; change: (work: () => Promise<unknown>) => Promise<void>; move: (by: -1 | 1) => void };

function Waiting({ id, message, place, of, change, move }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const path = { project_id: id, run_id: message.run_id };
  const save = () => {
    const text = draft?.trim();
    setDraft(null);
    if (text && text !== message.message)
      void change(() => taken(api.PATCH("/api/projects/{project_id}/queue/{run_id}", { params: { path }, body: { message: text } })));
  };
  const withdraw = () => change(() => taken(api.DELETE("/api/projects/{project_id}/queue/{run_id}", { params: { path } })));
  const pressed = (event: KeyboardEvent) => {
    if (!event.altKey || draft !== null || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    <li className="flex min-w-0 items-center gap-0.5" onKeyDown={pressed}>
      {draft === null ? (
        <span tabIndex={of > 1 ? 0 : undefined} data-run={message.run_id} title={of > 1 ? `${message.message}\n\nAlt and an arrow key move it` : message.message} className="min-w-0 flex-1 truncate rounded-sm">{message.message}</span>
      ) : (
        <input autoFocus aria-label="Waiting message" value={draft} maxLength={100_000} onChange={(event) => setDraft(event.target.value)} onBlur={save}
          onKeyDown={(event) => { if (event.key === "Enter") save(); if (event.key === "Escape") setDraft(null); }}
          className="min-w-0 flex-1 rounded-md border border-strong bg-paper px-2" />
      )}
      {of > 1 ? (
        <>
          <IconButton label="Earlier" disabled={place === 0} className="size-7" onClick={() => move(-1)}><ArrowUp size={13} /></IconButton>
          <IconButton label="Later" disabled={place === of - 1} className="size-7" onClick={() => move(1)}><ArrowDown size={13} /></IconButton>
        </>
      ) : null}
      <IconButton label="Change" className="size-7" onClick={() => setDraft(message.message)}><Pencil size={13} /></IconButton>
      <IconButton label="Take back" className="size-7" onClick={() => void withdraw()}><X size={14} /></IconButton>
    </li>
  );
}
