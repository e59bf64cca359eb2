// The left side of the code view: files or search, and what can be done with files.

import { useQueryClient } from "@tanstack/react-query";
import { Download, FilePlus2, Files, Search, Upload } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { projectUrl } from "../../shared/api/client";
import { deleteFile, downloadUrl, renameFile, writeFile } from "../../shared/files/files-api";
import { pathProblem, treeOf, type Node } from "../../shared/files/paths";
import { projectKey } from "../../shared/run/queries";
import { Button, IconButton } from "../../shared/ui/button";
import { Dialog } from "../../shared/ui/dialog";
import { Trouble } from "../../shared/ui/empty";
import type { OpenFilesStore } from "./open-files";
import { SearchFiles } from "./search-files";
import { Tree } from "./tree";

type Asked = { kind: "new" | "rename"; node: Node | null } | { kind: "delete"; node: Node };
// `streamed` is the path of the file whose text is growing: it is followed, not opened.
type Props = { id: string; paths: string[]; active: string | null; writing: string | null; streamed: string | null; opened: OpenFilesStore; onOpened: (isFollowed: boolean) => void };

export function Explorer({ id, paths, active, writing, streamed, opened, onOpened }: Props) {
  const [isSearching, setSearching] = useState(false);
  const [filter, setFilter] = useState("");
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState("");
  const upload = useRef<HTMLInputElement>(null);
  const queries = useQueryClient();
  const tree = useMemo(() => treeOf(paths), [paths]);
  const refresh = () => queries.invalidateQueries({ queryKey: projectKey(id, "files") });
  const open = (path: string, line: number | null = null) => { if (path !== streamed) opened.open(path, line); onOpened(path === streamed); };
  const attempt = async (work: () => Promise<unknown>) => {
    try { await work(); setProblem(""); } catch (error) { setProblem(error instanceof Error ? error.message : String(error)); }
    await refresh();
  };
  const take = (files: FileList | null) => attempt(async () => {
    const folder = active?.includes("/") ? active.slice(0, active.lastIndexOf("/") + 1) : "";
    for (const file of files ?? []) await writeFile(id, folder + file.name, file);
  });
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_auto_minmax(0,1fr)] bg-paper">
      <div className="flex items-center gap-0.5 border-b border-line px-1 py-1">
        <IconButton label={isSearching ? "Show the files" : "Search in all files"} onClick={() => setSearching(!isSearching)}>{isSearching ? <Files size={16} /> : <Search size={16} />}</IconButton>
        <IconButton label="New file" onClick={() => setAsked({ kind: "new", node: null })}><FilePlus2 size={16} /></IconButton>
        <IconButton label="Upload files" onClick={() => upload.current?.click()}><Upload size={16} /></IconButton>
        <a href={`${projectUrl(id)}/download`} download aria-label="Download all files" title="Download all files" className="grid size-8 place-items-center rounded-lg text-soft hover:bg-hover hover:text-ink"><Download size={16} /></a>
        <input ref={upload} type="file" multiple hidden onChange={(event) => { void take(event.target.files); event.target.value = ""; }} />
      </div>
      {problem ? <div className="p-2"><Trouble action={<Button small look="quiet" onClick={() => setProblem("")}>Close</Button>}>{problem}</Trouble></div> : <div />}
      {isSearching ? <SearchFiles id={id} onOpen={open} /> : (
        <div className="grid min-h-0 grid-rows-[auto_minmax(0,1fr)]">
          <div className="p-2 pb-0"><input type="search" aria-label="Filter files by name" placeholder="Filter by name" value={filter} onChange={(event) => setFilter(event.target.value)} className="h-8 w-full rounded-lg border border-line bg-paper px-2 text-sm" /></div>
          <div className="overflow-auto">
            <Tree tree={tree} filter={filter} active={active} writing={writing} onOpen={open}
              onRename={(node) => setAsked({ kind: "rename", node })} onDelete={(node) => setAsked({ kind: "delete", node })}
              onDownload={(path) => { const link = document.createElement("a"); link.href = downloadUrl(id, path); link.download = path.slice(path.lastIndexOf("/") + 1); link.click(); }} />
          </div>
        </div>
      )}
      {asked?.kind === "delete" ? (
        <Dialog title={`Delete ${asked.node.path}?`} onClose={() => setAsked(null)}>
          <p className="mb-4 text-soft">{asked.node.folder ? "Everything in this folder is deleted. " : ""}Versions made before still have it.</p>
          <div className="flex justify-end gap-2"><Button onClick={() => setAsked(null)}>Keep it</Button>
            <Button look="danger" onClick={() => { const { path } = asked.node; setAsked(null); void attempt(async () => { await deleteFile(id, path); opened.deleted(path); }); }}>Delete</Button></div>
        </Dialog>
      ) : asked ? (
        <NameDialog asked={asked} paths={paths} onClose={() => setAsked(null)} onName={(path) => {
          const source = asked.node?.path;
          setAsked(null);
          void attempt(async () => {
            if (source) { await renameFile(id, source, path); opened.moved(source, path); } else { await writeFile(id, path, ""); open(path); }
          });
        }} />
      ) : null}
    </div>
  );
}

function NameDialog({ asked, paths, onClose, onName }: { asked: Asked; paths: string[]; onClose: () => void; onName: (path: string) => void }) {
  const before = asked.node?.path ?? "";
  const [path, setPath] = useState(before);
  const problem = path === before && before ? " " : pathProblem(path, paths);
  return (
    <Dialog title={before ? `Rename ${before}` : "New file"} onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); if (!problem) onName(path); }}>
        <label className="block text-sm text-soft" htmlFor="path">Path, with its folders</label>
        <input id="path" autoFocus value={path} placeholder="frontend/app/page.tsx" onChange={(event) => setPath(event.target.value)} className="mt-1 h-9 w-full rounded-lg border border-strong bg-paper px-2 font-mono text-sm" />
        <p className="mt-1 min-h-5 text-sm text-bad" role="status">{path && problem.trim()}</p>
        <div className="mt-2 flex justify-end gap-2"><Button onClick={onClose}>Cancel</Button><Button type="submit" look="primary" disabled={problem !== ""}>{before ? "Rename" : "Create"}</Button></div>
      </form>
    </Dialog>
  );
}
