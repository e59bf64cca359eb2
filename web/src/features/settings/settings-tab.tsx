// What a person decides about a project: its name, what it spent, a copy of it, its end.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Download, Trash2 } from "lucide-react";
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { useLocation } from "wouter";
import { api, projectUrl, taken, USER } from "../../shared/api/client";
import { useAttempt } from "../../shared/run/use-attempt";
import { useProjectView } from "../../shared/run/project-context";
import { projectKey, useEstimate, useProjectState } from "../../shared/run/queries";
import { Button } from "../../shared/ui/button";
import { Loading, Trouble } from "../../shared/ui/empty";
import { Spending } from "../../shared/ui/spending";
import { EnvironmentNames } from "./environment-names";
import { Limits } from "./limits";
import { Notes } from "./notes";
import { ProjectModel } from "./project-model";

export default function SettingsTab() {
  const id = useProjectView((view) => view.id);
  const { data: state, error, refetch } = useProjectState(id);
  const estimate = useEstimate(id);
  const costs = useQuery({
    queryKey: projectKey(id, "costs"),
    queryFn: () => taken(api.GET("/api/projects/{project_id}/costs", { params: { path: { project_id: id } } })),
  });
  // What is shown stays when the platform is away for a moment: somebody may be typing.
  if (!state) return error ? <div className="p-4"><Trouble action={<Button small onClick={() => void refetch()}>Try again</Button>}>{error.message}</Trouble></div> : <Loading what="Loading the settings" />;
  return (
    <div className="h-full overflow-y-auto" tabIndex={0} role="region" aria-label="Settings">
      <div className="mx-auto max-w-2xl space-y-4 p-4">
        <Card title="Name"><Name id={id} name={state.name} /></Card>
        <Card title="Spent on this project">
          {costs.error ? <Trouble>{costs.error.message}</Trouble> : costs.data ? <Spending costs={costs.data} /> : <p className="text-soft">Adding up…</p>}
          {estimate.data ? <p className="mt-3 text-sm text-soft">The next message: {estimate.data.sentence}</p> : null}
        </Card>
        <Card title="Model and limits"><ProjectModel id={id} model={state.model} /><Limits costs={costs.data} state={state} /></Card>
        <Card title="Notes"><Notes id={id} /></Card>
        <Card title="Secrets of your app"><EnvironmentNames id={id} /></Card>
        <Card title="A copy"><MakeCopy id={id} name={state.name} /></Card>
        <Card title="Delete"><Delete id={id} name={state.name} /></Card>
      </div>
    </div>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return <section className="rounded-xl border border-line bg-paper p-4"><h3 className="mb-2 font-semibold">{title}</h3>{children}</section>;
}

function Name({ id, name }: { id: string; name: string }) {
  const [draft, setDraft] = useState(name);
  const { problem, isBusy, attempt } = useAttempt();
  const queries = useQueryClient();
  useEffect(() => setDraft(name), [name]);
  const save = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await taken(api.PATCH("/api/projects/{project_id}", { params: { path: { project_id: id } }, body: { name: draft.trim() } }));
      await queries.invalidateQueries({ queryKey: ["project", id] });
      await queries.invalidateQueries({ queryKey: ["projects"] });
    });
  };
  return (
    <form onSubmit={save} className="space-y-2">
      <div className="flex gap-2">
        <input aria-label="Name of the project" value={draft} maxLength={200} onChange={(event) => setDraft(event.target.value)} className="h-9 min-w-0 flex-1 rounded-lg border border-line bg-paper px-3" />
        <Button type="submit" disabled={isBusy || !draft.trim() || draft.trim() === name}>Rename</Button>
      </div>
      {problem ? <Trouble>{problem}</Trouble> : null}
    </form>
  );
}

function MakeCopy({ id, name }: { id: string; name: string }) {
  const { problem, isBusy, attempt } = useAttempt();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const copy = () => attempt(async () => {
    const made = await taken(api.POST("/api/projects/{project_id}/duplicate", { params: { path: { project_id: id } }, body: { name: `${name.slice(0, 190)} (copy)` } }));
    await queries.invalidateQueries({ queryKey: ["projects"] });
    go(`/projects/${encodeURIComponent(made.id)}/code`);
  });
  return (
    <div className="space-y-3">
      <p className="text-soft">Try something out without touching this project: the copy has the same files and wishes, and a conversation of its own.</p>
      <div className="flex flex-wrap gap-2">
        <Button disabled={isBusy} onClick={() => void copy()}><Copy size={16} aria-hidden />{isBusy ? "Copying…" : "Make a copy"}</Button>
        <a href={`${projectUrl(id)}/download`} download className="inline-flex h-9 items-center gap-1.5 rounded-lg border border-line px-3 font-medium hover:bg-hover"><Download size={16} aria-hidden />Download all files</a>
      </div>
      {problem ? <Trouble>{problem}</Trouble> : null}
    </div>
  );
}

function Delete({ id, name }: { id: string; name: string }) {
  const [typed, setTyped] = useState("");
  const [isGone, setGone] = useState(false);
  const { problem, isBusy, attempt } = useAttempt();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const remove = () => attempt(async () => {
    await taken(api.DELETE("/api/projects/{project_id}", { params: { path: { project_id: id } } }));
    setGone(true);
    await queries.invalidateQueries({ queryKey: ["projects"] });
  });
  const undo = () => attempt(async () => {
    await taken(api.POST("/api/projects/{project_id}/undelete", { params: { path: { project_id: id }, query: { user_id: USER } } }));
    setGone(false);
    await queries.invalidateQueries();
  });
  if (isGone) return (
    <div role="status" className="flex flex-wrap items-center gap-2"><span className="flex-1">It is deleted. For ten minutes you can bring it back, with all that was entered in it.</span><Button disabled={isBusy} onClick={() => void undo()}>Bring it back</Button><Button look="primary" onClick={() => go("/")}>All projects</Button>{problem ? <Trouble>{problem}</Trouble> : null}</div>
  );
  return (
    <div className="space-y-2">
      <p className="text-soft">Deletes the app with its files, versions and conversation, and all that was entered in it. For ten minutes it can be brought back. To go on, type its name.</p>
      <div className="flex gap-2">
        <input aria-label={`Type ${name} to delete it`} placeholder={name} value={typed} onChange={(event) => setTyped(event.target.value)} className="h-9 min-w-0 flex-1 rounded-lg border border-line bg-paper px-3" />
        <Button look="danger" disabled={isBusy || typed.trim() !== name.trim()} onClick={() => void remove()}><Trash2 size={16} aria-hidden />Delete</Button>
      </div>
      {problem ? <Trouble>{problem}</Trouble> : null}
    </div>
  );
}
