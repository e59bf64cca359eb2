// The checklist of a project: everything that was asked for, what was seen of it, and what a person decides.

import { ListChecks, Plus, ShieldCheck } from "lucide-react";
import { useState, type FormEvent } from "react";
import { api, taken } from "../../shared/api/client";
import type { Report, Wish, WishProof } from "../../shared/api/events";
import { useProject, useProjectView } from "../../shared/run/project-context";
import { lastTurn, liveTurn } from "../../shared/run/project-store";
import { useProjectState, useWishes } from "../../shared/run/queries";
import { Button } from "../../shared/ui/button";
import { Empty, Loading, Trouble } from "../../shared/ui/empty";
import { WishRow } from "./wish-row";

export function WishesTab() {
  const store = useProject();
  const id = useProjectView((view) => view.id);
  const live = useProjectView(liveTurn);
  const last = useProjectView(lastTurn);
  const { data, error, isLoading, refetch } = useWishes(id);
  const state = useProjectState(id);
  const report = last?.report ?? (state.data?.last_report as Report | null | undefined) ?? null;
  const wishes = withLive(data?.wishes ?? [], live?.wishes ?? []);
  if (isLoading && !live) return <Loading what="Loading your wishes" />;
  if (error && !wishes.length && !live) return <div className="p-4"><Trouble action={<Button small onClick={() => void refetch()}>Try again</Button>}>{error.message}</Trouble></div>;
  return (
    <div className="h-full overflow-y-auto" tabIndex={0} role="region" aria-label="Your wishes">
      <div className="mx-auto max-w-3xl space-y-4 p-5">
        <header className="flex flex-wrap items-center gap-3">
          <div className="min-w-0 flex-1">
            <h2 className="text-lg font-semibold">Your wishes</h2>
            <p className="text-sm text-soft">{summary(wishes)}</p>
          </div>
          {wishes.length ? <Button disabled={live !== undefined} onClick={() => void store.checkAgain()} title="Tries every wish anew, without changing the app"><ShieldCheck size={16} aria-hidden />Check again</Button> : null}
        </header>
        {wishes.length ? (
          <ul className="divide-y divide-line rounded-xl border border-line bg-paper">
            {wishes.map((wish) => <WishRow key={wish.id} wish={wish} proof={proofOf(report, wish)} isBusy={live !== undefined} onChanged={() => void refetch()} />)}
          </ul>
        ) : (
          <div className="rounded-xl border border-dashed border-line py-6">
            <Empty icon={<ListChecks size={20} />} title="No wishes yet">What you ask for in a message is listed here, piece by piece, with what was seen of each.</Empty>
          </div>
        )}
        <AddWish id={id} onAdded={() => void refetch()} />
      </div>
    </div>
  );
}

const proofOf = (report: Report | null, wish: Wish): WishProof | null => report?.wishes?.find((one) => one.id === wish.id) ?? null;

// What the work under way says of a wish is newer than the list.
export function withLive(listed: readonly Wish[], live: readonly Wish[]): Wish[] {
  const newer = new Map(live.map((wish) => [wish.id, wish]));
  const known = listed.map((wish) => ({ ...wish, ...newer.get(wish.id) }));
  return [...known, ...live.filter((wish) => !listed.some((one) => one.id === wish.id))];
}

export function summary(wishes: readonly Wish[]): string {
  if (!wishes.length) return "Nothing was asked for yet.";
  const count = (state: Wish["state"]) => wishes.filter((wish) => wish.state === state).length;
  const parts = [`${count("proven")} of ${wishes.length} seen working`];
  if (count("failing")) parts.push(`${count("failing")} not working`);
  if (count("yours_to_judge")) parts.push(`${count("yours_to_judge")} yours to judge`);
  if (count("not_built")) parts.push(`${count("not_built")} not built`);
  return parts.join(" · ");
}

function AddWish({ id, onAdded }: { id: string; onAdded: () => void }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const add = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await taken(api.POST("/api/projects/{project_id}/wishes", { params: { path: { project_id: id } }, body: { text: text.trim(), kind: "behaviour" } }));
      setText("");
      setProblem("");
      onAdded();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form onSubmit={(event) => void add(event)} className="space-y-2">
      <div className="flex gap-2">
        <input aria-label="A new wish" placeholder="What should be seen in the app?" value={text} maxLength={300} onChange={(event) => setText(event.target.value)}
          className="h-9 min-w-0 flex-1 rounded-lg border border-line bg-paper px-3" />
        <Button type="submit" disabled={!text.trim()}><Plus size={16} aria-hidden />Add</Button>
      </div>
      {problem ? <Trouble>{problem}</Trouble> : <p className="text-xs text-soft">It is taken up with your next message.</p>}
    </form>
  );
}
