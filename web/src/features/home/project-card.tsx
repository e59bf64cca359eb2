import { useQueryClient } from "@tanstack/react-query";
import { AppWindow, Ellipsis } from "lucide-react";
import * as DropdownMenu from "@radix-ui/react-dropdown-menu";
import { useRef, useState } from "react";
import { Link } from "wouter";
import { api, taken, type Schemas } from "../../shared/api/client";
import { isOurs } from "../../shared/api/ours";
import { ago } from "../../shared/run/words";
import { ProofBadge } from "../../shared/ui/proof-badge";

type Props = { project: Schemas["ListedProject"]; onDelete: () => void };
const ITEM = "cursor-pointer rounded-md px-2 py-1 text-sm outline-none data-[highlighted]:bg-hover";

export function ProjectCard({ project, onDelete }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  // The menu gives the focus back as it closes, unless a text is edited then.
  const isEditing = useRef(false);
  const edit = () => {
    isEditing.current = true;
    setDraft(project.name);
  };
  const queries = useQueryClient();
  const rename = async () => {
    const name = draft?.trim();
    setDraft(null);
    isEditing.current = false;
    if (!name || name === project.name) return;
    await taken(api.PATCH("/api/projects/{project_id}", { params: { path: { project_id: project.id } }, body: { name } })).catch(() => undefined);
    await queries.invalidateQueries({ queryKey: ["projects"] });
  };
  const [problem, setProblem] = useState("");
  const duplicate = async () => {
    const copy = { name: `${project.name.slice(0, 190)} (copy)` };
    await taken(api.POST("/api/projects/{project_id}/duplicate", { params: { path: { project_id: project.id } }, body: copy }))
      .then(() => setProblem(""), (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
    await queries.invalidateQueries({ queryKey: ["projects"] });
  };
  const picture = isOurs(project.picture) ? project.picture : null;
  return (
    <li className="group relative flex min-w-0 flex-col overflow-hidden rounded-xl border border-line bg-paper transition-shadow focus-within:shadow-float hover:shadow-float">
      <div className="aspect-[16/10] overflow-hidden border-b border-line bg-sunk">
        {picture ? <img src={picture} alt="" loading="lazy" className="size-full object-cover object-top" />
          : <div className="grid size-full place-items-center text-strong"><AppWindow size={28} aria-hidden /></div>}
      </div>
      <div className="flex items-start gap-1 p-3">
        <div className="min-w-0 flex-1">
          {draft === null ? (
            <Link href={`/projects/${encodeURIComponent(project.id)}`} className="block truncate font-medium after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent" title={project.name}>{project.name}</Link>
          ) : (
            <input autoFocus aria-label="Name of the project" value={draft} maxLength={200} onChange={(event) => setDraft(event.target.value)} onBlur={() => void rename()}
              onKeyDown={(event) => { if (event.key === "Enter") void rename(); if (event.key === "Escape") { isEditing.current = false; setDraft(null); } }}
              className="relative z-1 w-full rounded-md border border-strong bg-paper px-1.5 font-medium" />
          )}
          <p className="mt-0.5 truncate text-xs text-soft">{ago(project.updated_at)}</p>
          {problem ? <p role="alert" className="text-sm text-bad">{problem}</p> : null}
          <div className="mt-2 flex min-h-6 min-w-0">
            {project.is_working ? <span className="text-sm text-accent"><span className="breathe">Being worked on</span></span>
              : project.last_status ? <ProofBadge proof={{ status: project.last_status, wishes: project.wishes, proven: project.proven, sentence: project.last_sentence }} />
              : <span className="text-sm text-soft">Not checked yet</span>}
          </div>
        </div>
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger aria-label={`More about ${project.name}`} className="relative z-1 grid size-7 place-items-center rounded-lg text-soft hover:bg-hover hover:text-ink"><Ellipsis size={16} /></DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content align="end" sideOffset={4} className="z-10 min-w-32 rounded-lg border border-line bg-paper p-1 shadow-float"
              onCloseAutoFocus={(event) => { if (isEditing.current) event.preventDefault(); }}>
              <DropdownMenu.Item className={ITEM} onSelect={edit}>Rename</DropdownMenu.Item>
              <DropdownMenu.Item className={ITEM} onSelect={() => void duplicate()}>Duplicate</DropdownMenu.Item>
              <DropdownMenu.Item className={`${ITEM} text-bad`} onSelect={onDelete}>Delete</DropdownMenu.Item>
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      </div>
    </li>
  );
}
