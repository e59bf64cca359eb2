// Paths of a project: a tree out of a list, which rows of it show, and where a link leads.

export type Node = { name: string; path: string; folder: boolean; children: Node[] };
export type Row = { node: Node; level: number; isOpen: boolean };

export function treeOf(paths: readonly string[]): Node[] {
  const top: Node = { name: "", path: "", folder: true, children: [] };
  const folders = new Map<string, Node>([["", top]]);
  const folder = (path: string): Node => {
    const known = folders.get(path);
    if (known) return known;
    const cut = path.lastIndexOf("/");
    const made: Node = { name: path.slice(cut + 1), path, folder: true, children: [] };
    folders.set(path, made);
    folder(cut < 0 ? "" : path.slice(0, cut)).children.push(made);
    return made;
  };
  for (const path of paths) {
    const cut = path.lastIndexOf("/");
    folder(cut < 0 ? "" : path.slice(0, cut)).children.push({ name: path.slice(cut + 1), path, folder: false, children: [] });
  }
  for (const one of folders.values()) one.children.sort(byKindAndName);
  return top.children;
}

const byKindAndName = (a: Node, b: Node) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name);

// The rows that show; with a filter every folder on the way to a hit is open.
export function rowsOf(tree: readonly Node[], open: ReadonlySet<string>, filter = ""): Row[] {
  const wanted = filter.trim().toLowerCase();
  const rows: Row[] = [];
  const walk = (nodes: readonly Node[], level: number) => {
    for (const node of nodes) {
      if (wanted && !hasHit(node, wanted)) continue;
      const isOpen = node.folder && (wanted !== "" || open.has(node.path));
      rows.push({ node, level, isOpen });
      if (isOpen) walk(node.children, level + 1);
    }
  };
  walk(tree, 0);
  return rows;
}

const hasHit = (node: Node, wanted: string): boolean =>
  node.folder ? node.children.some((child) => hasHit(child, wanted)) : node.path.toLowerCase().includes(wanted);

export const foldersAbove = (path: string): string[] =>
  path.split("/").slice(0, -1).map((_, index, parts) => parts.slice(0, index + 1).join("/"));

// `#backend/main.py:12` → a file and a line.
export function placeOfHash(hash: string): { path: string; line: number | null } | null {
  let text: string;
  try { text = decodeURIComponent(hash.replace(/^#\/?/, "")); } catch { return null; }
  const found = /^(.+?)(?::(\d{1,7}))?$/.exec(text);
  return found?.[1] ? { path: found[1], line: found[2] ? Number(found[2]) : null } : null;
}

export const hashOf = (path: string, line: number | null = null): string =>
  `#${path.split("/").map(encodeURIComponent).join("/")}${line === null ? "" : `:${line}`}`;

// Why a path cannot be used, in words; empty when it can.
export function pathProblem(path: string, known: readonly string[]): string {
  if (!path.trim()) return "Give it a name.";
  if (path.startsWith("/") || path.endsWith("/") || path.split("/").some((part) => part === "" || part === "." || part === ".."))
    return "Use a path like frontend/app/page.tsx.";
  if (known.includes(path)) return "There is such a file already.";
  return "";
}

// What has been written so far of a text in a call's unfinished JSON.
export function partialText(json: string, key: string): string | null {
  const start = new RegExp(`"${key}"\\s*:\\s*"`).exec(json);
  if (!start) return null;
  let raw = json.slice(start.index + start[0].length);
  for (let at = 0; at < raw.length; at += 1) {
    if (raw[at] === "\\") at += 1;
    else if (raw[at] === '"') { raw = raw.slice(0, at); break; }
  }
  raw = raw.replace(/\\(u[0-9a-fA-F]{0,3})?$/, "");
  try { return JSON.parse(`"${raw}"`) as string; } catch { return null; }
}
