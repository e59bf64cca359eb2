// The versions of the app: look at one, compare it, star it, go back to it.

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { AppWindow, History, RotateCcw, Star, Undo2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { api, taken, type Schemas } from "../../shared/api/client";
import { useChanges } from "../../shared/diff/changed-files";
import { summary } from "../../shared/diff/lines";
import { useProjectView } from "../../shared/run/project-context";
import { liveTurn } from "../../shared/run/project-store";
import { projectKey } from "../../shared/run/queries";
import { ago } from "../../shared/run/words";
import { Button, IconButton } from "../../shared/ui/button";
import { Dialog } from "../../shared/ui/dialog";
import { Empty, Loading, Trouble } from "../../shared/ui/empty";
import { Look } from "./look";
import { filesWords, stateWords } from "./words";

type Version = Schemas["VersionOut"];
type Told = { text: string; undo?: number };

export default function HistoryTab() {
  const id = useProjectView((view) => view.id);
  const isBusy = useProjectView(liveTurn) !== undefined;
  const [onlyStarred, setOnlyStarred] = useState(false);
  const [looking, setLooking] = useState<Version | null>(null);
  const [restoring, setRestoring] = useState<Version | null>(null);
  const [told, setTold] = useState<Told>({ text: "" });
  const queries = useQueryClient();
  const { data, error, isLoading, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [...projectKey(id, "versions"), "pages"],
    queryFn: ({ pageParam }) => taken(api.GET("/api/projects/{project_id}/versions", { params: { path: { project_id: id }, query: { limit: 50, ...(pageParam ? { before: pageParam } : {}) } } })),
    initialPageParam: 0, getNextPageParam: (page) => page.next ?? undefined,
  });
  const attempt = async (work: Promise<Version>, done: (made: Version) => Told) => {
    try { setTold(done(await work)); } catch (caught) { setTold({ text: caught instanceof Error ? caught.message : String(caught) }); }
    await queries.invalidateQueries({ queryKey: ["project", id] });
  };
  const star = (one: Version) => attempt(taken(api.PATCH("/api/projects/{project_id}/versions/{version}", { params: { path: { project_id: id, version: one.version } }, body: { is_starred: !one.is_starred } })), () => ({ text: "" }));
  const goBack = (version: number) => taken(api.POST("/api/projects/{project_id}/restore", { params: { path: { project_id: id } }, body: { version } })) as Promise<Version>;
  // What was there before, with what was changed by hand, is the version before the one that going back made.
  const restore = (one: Version) => attempt(goBack(one.version), (made) => ({ text: `Your app is as in version ${one.version} again. What you had before is kept as version ${made.version - 1}.`, undo: made.version - 1 }));
  const undo = (version: number) => attempt(goBack(version), () => ({ text: "Undone: your app is as it was before." }));
  if (isLoading) return <Loading what="Loading the versions" />;
  if (error && !data) return <div className="p-4"><Trouble action={<Button small onClick={() => void refetch()}>Try again</Button>}>{error.message}</Trouble></div>;
  const all = data?.pages.flatMap((page) => page.versions) ?? [];
  const shown = onlyStarred ? all.filter((one) => one.is_starred) : all;
  if (!all.length) return <Empty icon={<History size={20} />} title="No versions yet">Each message that changes your app leaves a version here. You can look at it, compare it and go back to it.</Empty>;
  return (
    <div className="h-full overflow-y-auto" tabIndex={0} role="region" aria-label="Versions">
      <div className="mx-auto max-w-3xl space-y-3 p-4">
        <div className="flex items-center gap-2">
          <h2 className="flex-1 text-lg font-semibold">Versions</h2>
          <Button small aria-pressed={onlyStarred} onClick={() => setOnlyStarred(!onlyStarred)}><Star size={14} aria-hidden fill={onlyStarred ? "currentColor" : "none"} />Starred only</Button>
        </div>
        <div role="status" className={told.text ? "flex items-center gap-3 rounded-lg bg-tint px-3 py-2 text-sm" : "sr-only"}>
          <p className="min-w-0 flex-1 wrap-anywhere">{told.text}</p>
          {told.undo ? <Button small disabled={isBusy} onClick={() => void undo(told.undo ?? 0)}><Undo2 size={14} aria-hidden />Undo</Button> : null}
        </div>
        <ol className="divide-y divide-line rounded-xl border border-line bg-paper">
          {shown.map((one, index) => (
            <li key={one.version} className="flex flex-wrap items-center gap-3 p-3">
              <div className="aspect-[16/10] w-24 shrink-0 overflow-hidden rounded-lg border border-line bg-sunk">
                {one.picture ? <img src={one.picture} alt="" loading="lazy" className="size-full object-cover object-top" /> : <div className="grid size-full place-items-center text-strong"><AppWindow size={18} aria-hidden /></div>}
              </div>
              <div className="min-w-0 flex-1 basis-48">
                <p className="font-medium wrap-anywhere line-clamp-2">{one.title || "Without a message"}{index === 0 && !onlyStarred ? <span className="ml-2 rounded-full bg-sunk px-2 py-0.5 text-xs font-normal text-soft">newest</span> : null}</p>
                <p className="text-sm text-soft">Version {one.version} · {ago(one.created_at)} · {filesWords(one)}{stateWords(one.status)}</p>
              </div>
              <div className="flex items-center gap-1">
                <IconButton label={one.is_starred ? `Take the star off version ${one.version}` : `Star version ${one.version}`} aria-pressed={one.is_starred} onClick={() => void star(one)}><Star size={16} fill={one.is_starred ? "currentColor" : "none"} className={one.is_starred ? "text-fair" : ""} /></IconButton>
                <Button small look="quiet" onClick={() => setLooking(one)}>Look</Button>
                <Link href={`/projects/${encodeURIComponent(id)}/changes#${one.version}..now`} className="rounded-lg px-2 py-1 text-sm font-medium text-soft hover:bg-hover hover:text-ink">Compare</Link>
                <Button small disabled={isBusy} title={isBusy ? "Wait until the work under way has ended" : undefined} onClick={() => setRestoring(one)}><RotateCcw size={14} aria-hidden />Go back</Button>
              </div>
            </li>
          ))}
        </ol>
        {shown.length ? null : <p className="py-6 text-center text-soft">No version has a star.</p>}
        {hasNextPage ? <div className="text-center"><Button onClick={() => void fetchNextPage()}>Show older versions</Button></div> : null}
      </div>
      {looking ? <Look id={id} version={looking} isBusy={isBusy} onClose={() => setLooking(null)} onRestore={() => { setRestoring(looking); setLooking(null); }} /> : null}
      {restoring ? <Restore id={id} version={restoring} onClose={() => setRestoring(null)} onRestore={() => { const one = restoring; setRestoring(null); void restore(one); }} /> : null}
    </div>
  );
}

function Restore({ id, version, onClose, onRestore }: { id: string; version: Version; onClose: () => void; onRestore: () => void }) {
  const { data, error } = useChanges(id, { before: "now", after: String(version.version) });
  return (
    <Dialog title={`Go back to version ${version.version}?`} onClose={onClose}>
      {error ? <Trouble>{error.message}</Trouble> : !data ? <p className="text-soft">Looking what would change…</p> : data.files.length === 0 ? <p className="text-soft">Your files are the same already.</p> : (
        <>
          <p>This is what happens to your files: {summary(data.files)}. Wishes come back as they were, too.</p>
          <ul className="mt-3 max-h-60 overflow-y-auto rounded-lg bg-sunk p-2 font-mono text-xs" tabIndex={0} aria-label="Files that change">
            {data.files.map((file) => <li key={file.path} className="flex gap-2"><span className={`w-16 shrink-0 ${file.change === "deleted" ? "text-bad" : file.change === "created" ? "text-good" : "text-soft"}`}>{VERBS[file.change]}</span><span className="min-w-0 truncate" title={file.path}>{file.path}</span></li>)}
          </ul>
        </>
      )}
      <p className="mt-3 text-sm text-soft">Nothing is lost: what you have now stays in this list, and what you changed by hand becomes a version of its own.</p>
      <div className="mt-4 flex justify-end gap-2"><Button onClick={onClose}>Stay here</Button><Button look="primary" disabled={!data} onClick={onRestore}>Go back to version {version.version}</Button></div>
    </Dialog>
  );
}

const VERBS = { created: "returns", modified: "changes", deleted: "vanishes" } as const;
