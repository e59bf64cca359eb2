import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Search, Undo2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { api, taken, USER, type Schemas } from "../../shared/api/client";
import { Button } from "../../shared/ui/button";
import { Trouble } from "../../shared/ui/empty";
import { ProjectCard } from "./project-card";

const OFFERED_MS = 15_000;

export function useProjects() {
  return useInfiniteQuery({
    queryKey: ["projects", USER],
    queryFn: ({ pageParam }) => taken(api.GET("/api/users/{user_id}/projects", {
      params: { path: { user_id: USER }, query: { limit: 24, ...(pageParam ? { cursor: pageParam } : {}) } },
    })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function Projects() {
  const { data, error, hasNextPage, fetchNextPage, refetch } = useProjects();
  const [search, setSearch] = useState("");
  const leaving = useLeaving();
  const all = (data?.pages ?? []).flatMap((page) => page.projects);
  const wanted = search.trim().toLowerCase();
  const shown = all.filter((project) => project.id !== leaving.project?.id && `${project.name} ${project.id}`.toLowerCase().includes(wanted));
  if (error) return <section className="mt-12"><Trouble action={<Button small onClick={() => void refetch()}>Try again</Button>}>Your projects cannot be shown: {error.message}</Trouble></section>;
  if (!data) return <section aria-busy className="mt-12 h-40" />;
  if (!all.length) return <><Steps />{leaving.toast}</>;
  return (
    <section className="mt-12" aria-labelledby="projects">
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h2 id="projects" className="flex-1 text-lg font-semibold">Your projects</h2>
        <label className="flex h-8 items-center gap-2 rounded-lg border border-line bg-paper px-2 text-soft focus-within:border-accent">
          <Search size={14} aria-hidden />
          <input type="search" aria-label="Search your projects" placeholder="Search" value={search} onChange={(event) => setSearch(event.target.value)} className="w-36 bg-transparent text-sm text-ink outline-none" />
        </label>
      </div>
      {shown.length ? (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] gap-4">
          {shown.map((project) => <ProjectCard key={project.id} project={project} onDelete={() => leaving.begin(project)} />)}
        </ul>
      ) : <p className="py-8 text-center text-soft">{wanted ? `No project is called “${search}”.` : "No more projects."}</p>}
      {hasNextPage ? <div className="mt-4 text-center"><Button onClick={() => void fetchNextPage()}>Show older projects</Button></div> : null}
      {leaving.toast}
    </section>
  );
}

// A deleted project goes at once, and comes back as it was while that is offered.
function useLeaving() {
  const [project, setProject] = useState<Schemas["ProjectOut"] | null>(null);
  const [problem, setProblem] = useState("");
  const timer = useRef(0);
  const queries = useQueryClient();
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = async (shown: Schemas["ProjectOut"] | null, work: Promise<unknown>) => {
    setProject(shown);
    setProblem("");
    await work.catch((error: unknown) => {
      setProject(null);
      setProblem(error instanceof Error ? error.message : String(error));
    });
    await queries.invalidateQueries({ queryKey: ["projects"] });
  };
  const begin = (chosen: Schemas["ProjectOut"]) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setProject(null), OFFERED_MS);
    void change(chosen, taken(api.DELETE("/api/projects/{project_id}", { params: { path: { project_id: chosen.id } } })));
  };
  const undo = (chosen: Schemas["ProjectOut"]) =>
    void change(null, taken(api.POST("/api/projects/{project_id}/undelete", { params: { path: { project_id: chosen.id }, query: { user_id: USER } } })));
  const toast = project ? (
    <div role="status" className="arrive fixed inset-x-4 bottom-4 z-10 mx-auto flex max-w-md items-center gap-3 rounded-xl border border-line bg-paper px-4 py-3 shadow-float">
      <span className="min-w-0 flex-1 truncate">“{project.name}” is deleted.</span>
      <Button small onClick={() => undo(project)}><Undo2 size={14} aria-hidden />Undo</Button>
    </div>
  ) : problem ? <div className="mt-4"><Trouble>{problem}</Trouble></div> : null;
  return { project, begin, toast };
}

function Steps() {
  const steps = [
    ["Say it", "One sentence is enough. Add pictures or a text if that says it better."],
    ["Watch it", "Your words become wishes, wishes become an app that you see beside them."],
    ["Judge it", "Each wish is tried in a real browser. What was not seen working is said plainly."],
  ];
  return (
    <ol className="mx-auto mt-14 grid max-w-3xl gap-6 sm:grid-cols-3">
      {steps.map(([title, text], index) => (
        <li key={title}>
          <span aria-hidden className="grid size-7 place-items-center rounded-full bg-tint text-sm font-semibold text-accent">{index + 1}</span>
          <h2 className="mt-2 font-semibold">{title}</h2>
          <p className="text-sm text-soft">{text}</p>
        </li>
      ))}
    </ol>
  );
}
