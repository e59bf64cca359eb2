// What changed: with the last message, since the last version, or between two versions.

import { useQuery } from "@tanstack/react-query";
import { GitCompareArrows } from "lucide-react";
import { useEffect, useState } from "react";
import { api, taken } from "../../shared/api/client";
import { ChangedFiles, useChanges, type Sides } from "../../shared/diff/changed-files";
import { sidesOfHash, summary } from "../../shared/diff/lines";
import { useProjectView } from "../../shared/run/project-context";
import { lastTurn, liveTurn } from "../../shared/run/project-store";
import { projectKey } from "../../shared/run/queries";
import { Button } from "../../shared/ui/button";
import { Empty, Loading, Trouble } from "../../shared/ui/empty";

type View = "message" | "since" | "versions";
const CHOICES: [View, string][] = [["message", "Last message"], ["since", "Since then"], ["versions", "Two versions"]];

export default function ChangesTab() {
  const id = useProjectView((view) => view.id);
  const last = useProjectView(lastTurn);
  const live = useProjectView(liveTurn);
  const linked = sidesOfHash(location.hash);
  const [view, setView] = useState<View>(linked ? "versions" : "message");
  const [chosen, setChosen] = useState(linked ?? { before: "1", after: "now" });
  const versions = useQuery({
    queryKey: projectKey(id, "versions"),
    queryFn: () => taken(api.GET("/api/projects/{project_id}/versions", { params: { path: { project_id: id }, query: { limit: 100 } } })),
  });
  useEffect(() => {
    if (view === "versions") history.replaceState(history.state, "", `${location.pathname}${location.search}#${chosen.before}..${chosen.after}`);
  }, [view, chosen]);
  const sides: Sides = view === "message" && last ? { run_id: last.runId } : view === "versions" ? chosen : {};
  const { data, error, isLoading, refetch } = useChanges(id, sides, live ? Object.keys(live.files).length + live.items.length : null);
  const places = versions.data?.versions ?? [];
  const name = (version: number) => `Version ${version}`;
  return (
    <div className="h-full overflow-y-auto" tabIndex={0} role="region" aria-label="Changes">
      <div className="mx-auto max-w-4xl space-y-3 p-4">
        <div className="flex flex-wrap items-center gap-2">
          <div role="group" aria-label="What to compare" className="flex rounded-lg bg-sunk p-0.5">
            {CHOICES.map(([choice, title]) => (
              <button key={choice} type="button" aria-pressed={view === choice} onClick={() => setView(choice)} className="h-7 rounded-md px-2.5 text-sm text-soft hover:text-ink aria-pressed:bg-paper aria-pressed:text-ink">{title}</button>
            ))}
          </div>
          {view === "versions" ? (
            <span className="flex flex-wrap items-center gap-2 text-sm">
              <select aria-label="From" value={chosen.before} onChange={(event) => setChosen({ ...chosen, before: event.target.value })} className="h-8 rounded-lg border border-line bg-paper px-2">
                <option value="nothing">The beginning</option>
                {places.map((one) => <option key={one.version} value={one.version}>{name(one.version)}</option>)}
              </select>
              to
              <select aria-label="To" value={chosen.after} onChange={(event) => setChosen({ ...chosen, after: event.target.value })} className="h-8 rounded-lg border border-line bg-paper px-2">
                <option value="now">now</option>
                {places.map((one) => <option key={one.version} value={one.version}>{name(one.version)}</option>)}
              </select>
            </span>
          ) : null}
          {data?.files.length ? <span className="text-sm text-soft">{summary(data.files)}</span> : null}
        </div>
        {error ? <Trouble action={<Button small onClick={() => void refetch()}>Try again</Button>}>{error.message}</Trouble> : isLoading ? <Loading what="Comparing" />
          : data?.files.length ? <ChangedFiles id={id} changes={data} canRevert={!live && data.after === "now"} />
          : <div className="py-10"><Empty icon={<GitCompareArrows size={20} />} title="No differences">{EMPTY[view]}</Empty></div>}
        {data?.files.length && data.after !== "now" && view === "message" ? <p className="text-sm text-soft">To take a part of this back, compare the version before with now under “Two versions”.</p> : null}
      </div>
    </div>
  );
}

const EMPTY: Record<View, string> = {
  message: "The last message changed no file.",
  since: "Nothing was changed by hand since the last version.",
  versions: "These two have the same files.",
};
