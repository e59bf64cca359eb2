// A plan before anything is built: read it, correct it, have it built.

import { X } from "lucide-react";
import { useState } from "react";
import type { Proposal } from "../../shared/api/events";
import { useProject } from "../../shared/run/project-context";
import { Button } from "../../shared/ui/button";

const FIELD = "w-full min-w-0 rounded-md border border-transparent bg-transparent px-1.5 py-0.5 hover:border-line focus:border-accent field-sizing-content resize-none disabled:hover:border-transparent";

export function ProposalCard({ plan, isLast }: { plan: Proposal; isLast: boolean }) {
  const store = useProject();
  const [wishes, setWishes] = useState(plan.wishes);
  const [records, setRecords] = useState(plan.records ?? []);
  const [isSending, setSending] = useState(false);
  const approve = async () => {
    setSending(true);
    await store.build({ wishes, records });
    setSending(false);
  };
  const reword = (index: number, text: string) => setWishes(wishes.map((wish, at) => (at === index ? { ...wish, text } : wish)));
  const refit = (index: number, text: string) =>
    setRecords(records.map((record, at) => (at === index ? { ...record, fields: text.split(",").map((field) => field.trim()) } : record)));
  return (
    <section aria-label="Proposed plan" className="space-y-3 rounded-xl border border-accent bg-paper p-4 text-sm">
      <h3 className="text-base font-semibold wrap-anywhere">{plan.title}</h3>
      <div>
        <h4 className="text-soft">What will be seen working</h4>
        <ul>
          {wishes.map((wish, index) => (
            <li key={index} className="flex items-start gap-1">
              <div className="min-w-0 flex-1">
                <textarea rows={1} aria-label={`Wish ${index + 1}`} value={wish.text} disabled={!isLast} maxLength={300} onChange={(event) => reword(index, event.target.value)} className={FIELD} />
                {wish.not_built ? <p className="px-1.5 text-fair wrap-anywhere">Not built: {wish.not_built}</p> : null}
              </div>
              {isLast && wishes.length > 1 ? <button type="button" aria-label={`Leave out wish ${index + 1}`} onClick={() => setWishes(wishes.filter((_, at) => at !== index))} className="grid size-7 shrink-0 place-items-center rounded-md text-soft hover:bg-hover"><X size={14} /></button> : null}
            </li>
          ))}
        </ul>
      </div>
      {records.length ? (
        <div>
          <h4 className="text-soft">What is kept</h4>
          <ul>{records.map((record, index) => (
            <li key={index} className="flex items-start gap-2"><span className="shrink-0 py-0.5 font-medium">{record.name}</span>
              <textarea rows={1} aria-label={`Fields of ${record.name}`} defaultValue={record.fields.join(", ")} disabled={!isLast} onChange={(event) => refit(index, event.target.value)} className={FIELD} /></li>
          ))}</ul>
        </div>
      ) : null}
      {plan.pages?.length ? <div><h4 className="text-soft">Pages</h4><ul>{plan.pages.map((page) => <li key={page.route} className="wrap-anywhere"><code className="font-mono text-xs">{page.route}</code> {page.shows}</li>)}</ul></div> : null}
      <Lines title="Decided for you" lines={plan.decisions} />
      <Lines title="Only you can answer" lines={plan.questions} />
      <Lines title="Not understood" lines={plan.not_understood} />
      {isLast ? <Button look="primary" disabled={isSending} onClick={() => void approve()}>{isSending ? "Starting…" : "Build this"}</Button> : null}
    </section>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] | undefined }) {
  if (!lines?.length) return null;
  return <div><h4 className="text-soft">{title}</h4><ul className="list-disc pl-5">{lines.map((line) => <li key={line} className="wrap-anywhere">{line}</li>)}</ul></div>;
}
