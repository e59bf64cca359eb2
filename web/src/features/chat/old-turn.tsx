import { useState } from "react";
import { useProject } from "../../shared/run/project-context";
import type { OldTurn as Old } from "../../shared/run/project-store";
import { ago } from "../../shared/run/words";
import { Button } from "../../shared/ui/button";
import { Markdown } from "../../shared/ui/markdown";
import { Message } from "./message";
import { TurnTools } from "./turn-tools";
import { verdictOf } from "../../shared/run/verdicts";

// An earlier message and its answer; its steps are fetched when somebody wants to see them.
export function OldTurn({ old }: { old: Old }) {
  const store = useProject();
  const [isLoading, setLoading] = useState(false);
  const expand = async () => {
    setLoading(true);
    await store.expand(old.runId);
    setLoading(false);
  };
  return (
    <article className="space-y-3">
      <Message text={old.message} attachments={old.attachments} />
      {old.answer ? <Markdown text={old.answer} /> : null}
      <p className="flex flex-wrap items-center gap-2 text-sm text-soft">
        <span>{[old.status ? verdictOf(old.status, null).title : "", old.at ? ago(old.at) : ""].filter(Boolean).join(" · ")}</span>
        <Button small look="quiet" disabled={isLoading} onClick={() => void expand()}>{isLoading ? "Loading…" : "Show the steps"}</Button>
        <TurnTools runId={old.runId} text={old.answer} />
      </p>
    </article>
  );
}
