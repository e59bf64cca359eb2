// The files that are open in the editor: what was read, what the person made of it, and what went wrong.

import { createStore } from "zustand";
import { readFile, Stale, writeFile } from "../../shared/files/files-api";

export type OpenFile = {
  path: string; sha256: string; text: string | null; draft: string | null; size: number;
  state: "loading" | "ready" | "saving"; problem: string; theirs: { text: string | null; sha256: string } | null;
};
export type OpenFiles = { files: OpenFile[]; active: string | null; line: { number: number; at: number } | null };

const empty = (path: string): OpenFile => ({ path, sha256: "", text: null, draft: null, size: 0, state: "loading", problem: "", theirs: null });
const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
export const isChanged = (file: OpenFile): boolean => file.draft !== null && file.draft !== file.text;

export function createOpenFiles(id: string) {
  const store = createStore<OpenFiles>(() => ({ files: [], active: null, line: null }));
  const change = (path: string, changes: Partial<OpenFile>) =>
    store.setState(({ files }) => ({ files: files.map((file) => (file.path === path ? { ...file, ...changes } : file)) }));
  const find = (path: string) => store.getState().files.find((file) => file.path === path);

  async function load(path: string): Promise<void> {
    try {
      const { text, sha256, size } = await readFile(id, path);
      change(path, { text, sha256, size, state: "ready", problem: "", theirs: null });
    } catch (error) {
      change(path, { state: "ready", problem: said(error) });
    }
  }

  function open(path: string, line: number | null = null): void {
    const isNew = !find(path);
    store.setState(({ files }) => ({ files: isNew ? [...files, empty(path)] : files, active: path, line: line === null ? null : { number: line, at: Date.now() } }));
    if (isNew) void load(path);
  }

  function close(path: string): void {
    store.setState(({ files, active }) => {
      const at = files.findIndex((file) => file.path === path);
      const kept = files.filter((file) => file.path !== path);
      return { files: kept, active: active === path ? (kept[Math.min(at, kept.length - 1)]?.path ?? null) : active };
    });
  }

  async function save(path: string): Promise<boolean> {
    const file = find(path);
    if (!file || file.draft === null || file.state === "saving") return false;
    const { draft } = file;
    change(path, { state: "saving", problem: "" });
    try {
      const { sha256 } = await writeFile(id, path, draft, file.sha256);
      const later = find(path)?.draft;
      change(path, { state: "ready", sha256, text: draft, draft: later === draft ? null : (later ?? null), theirs: null });
      return true;
    } catch (error) {
      const theirs = error instanceof Stale && error.sha256 ? { text: error.now, sha256: error.sha256 } : null;
      change(path, { state: "ready", problem: said(error), theirs });
      return false;
    }
  }

  // Somebody else wrote files: what nobody changed here is read anew, the rest is told.
  function compare(digests: ReadonlyMap<string, string>): void {
    for (const file of store.getState().files) {
      const now = digests.get(file.path);
      if (file.state !== "ready" || now === file.sha256) continue;
      if (now === undefined) change(file.path, { problem: "This file was deleted." });
      else if (!isChanged(file)) void load(file.path);
      else if (file.theirs?.sha256 !== now) change(file.path, { problem: "It changed since you opened it.", theirs: { text: null, sha256: now } });
    }
  }

  return {
    store, open, close, save, compare,
    show: (path: string) => store.setState({ active: path, line: null }),
    edit: (path: string, draft: string) => { if (find(path)?.text !== draft || find(path)?.draft !== null) change(path, { draft }); },
    takeTheirs: (path: string) => { change(path, { draft: null }); void load(path); },
    keepMine: async (path: string) => {
      const theirs = find(path)?.theirs;
      if (theirs) { change(path, { sha256: theirs.sha256, theirs: null, problem: "" }); await save(path); }
    },
    moved: (source: string, target: string) => {
      for (const file of store.getState().files) {
        if (file.path === source || file.path.startsWith(`${source}/`)) { close(file.path); open(target + file.path.slice(source.length)); }
      }
    },
    deleted: (path: string) => {
      for (const file of store.getState().files) if (file.path === path || file.path.startsWith(`${path}/`)) close(file.path);
    },
  };
}

export type OpenFilesStore = ReturnType<typeof createOpenFiles>;
