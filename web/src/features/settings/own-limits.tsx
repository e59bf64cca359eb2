// What this one project may cost altogether; empty fields are no limit.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { api, taken } from "../../shared/api/client";
import { useAttempt } from "../../shared/run/use-attempt";
import { Button } from "../../shared/ui/button";
import { Trouble } from "../../shared/ui/empty";
import { limitOf } from "./limit-words";

const asTyped = (most: number | null) => (most === null ? "" : String(most));

export function OwnLimits({ id, usd, tokens }: { id: string; usd: number | null; tokens: number | null }) {
  const known = { usd: asTyped(usd), tokens: asTyped(tokens) };
  const [typed, setTyped] = useState(known);
  const { problem, isBusy, attempt } = useAttempt();
  const queries = useQueryClient();
  useEffect(() => setTyped({ usd: asTyped(usd), tokens: asTyped(tokens) }), [usd, tokens]);
  const save = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const [dollars, count] = [limitOf(typed.usd, "usd"), limitOf(typed.tokens, "tokens")];
      const wrong = dollars.problem || count.problem;
      if (wrong) throw new Error(wrong);
      await taken(api.PATCH("/api/projects/{project_id}", { params: { path: { project_id: id } }, body: { max_usd: dollars.most, max_tokens: count.most } }));
      await queries.invalidateQueries({ queryKey: ["project", id] });
    });
  };
  const isSame = typed.usd.trim() === known.usd && typed.tokens.trim() === known.tokens;
  return (
    <form aria-label="Limits of this project" onSubmit={save} className="space-y-2">
      <p className="text-soft">What this project may cost altogether, from the next message on. Before it is passed, work stops and you are asked.</p>
      <div className="flex flex-wrap items-end gap-2">
        <Amount label="US dollars" value={typed.usd} onChange={(value) => setTyped({ ...typed, usd: value })} />
        <Amount label="Tokens" value={typed.tokens} onChange={(value) => setTyped({ ...typed, tokens: value })} />
        <Button type="submit" disabled={isBusy || isSame}>{isBusy ? "Saving…" : "Save the limits"}</Button>
      </div>
      {problem ? <Trouble>{problem}</Trouble> : null}
    </form>
  );
}

function Amount({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="min-w-32 flex-1 text-sm text-soft">{label}
      <input inputMode="decimal" value={value} maxLength={20} placeholder="No limit" onChange={(event) => onChange(event.target.value)}
        className="mt-1 block h-9 w-full rounded-lg border border-line bg-paper px-3 text-base text-ink tabular-nums" />
    </label>
  );
}
