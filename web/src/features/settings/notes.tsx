// What the builder keeps in mind for later messages: its notes, to be read and written by the person too.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, taken } from "../../shared/api/client";
import { projectKey } from "../../shared/run/queries";
import { useAttempt } from "../../shared/run/use-attempt";
import { Button } from "../../shared/ui/button";
import { Trouble } from "../../shared/ui/empty";

const MOST = 4000;

export function Notes({ id }: { id: string }) {
  const path = { project_id: id };
  const key = projectKey(id, "notes");
  const { data, error } = useQuery({ queryKey: key, queryFn: () => taken(api.GET("/api/projects/{project_id}/notes", { params: { path } })) });
  const [draft, setDraft] = useState("");
  const { problem, isBusy, attempt } = useAttempt();
  const queries = useQueryClient();
  const known = data?.notes ?? "";
  // What the builder notes meanwhile does not take away what a person types.
  const before = useRef("");
  useEffect(() => {
    const last = before.current;
    before.current = known;
    setDraft((now) => (now === last ? known : now));
  }, [known]);
  const save = () => attempt(async () => {
    const kept = await taken(api.PUT("/api/projects/{project_id}/notes", { params: { path }, body: { notes: draft } }));
    queries.setQueryData(key, kept);
  });
  if (error) return <Trouble>{error.message}</Trouble>;
  return (
    <div className="space-y-2">
      <p className="text-soft">The builder reads these before each message, and adds what it learns about your project. Rules for how it works, such as names or colours, belong here too.</p>
      <textarea aria-label="Notes" rows={4} value={draft} maxLength={MOST} onChange={(event) => setDraft(event.target.value)} placeholder="Nothing is noted yet."
        className="field-sizing-content max-h-80 min-h-24 w-full rounded-lg border border-line bg-paper px-3 py-2 text-sm" />
      {problem ? <Trouble>{problem}</Trouble> : null}
      <Button disabled={isBusy || !data || draft.trim() === known.trim()} onClick={() => void save()}>{isBusy ? "Saving…" : "Save the notes"}</Button>
    </div>
  );
}
