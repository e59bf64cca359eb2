// What a step asked to be written, as lines: out of the arguments of its call, so that nothing is fetched.

export type PathDiff = { path: string; isNew: boolean; lines: string[]; more: number };

const MOST_LINES = 400;
const MOST_FILES = 20;

export function diffsOf(tool: string, args: Record<string, unknown>): PathDiff[] {
  if (tool === "write_file") return written([args]);
  if (tool === "batch_write_files") return written(list(args["files"]));
  const edits = tool === "edit_file" ? [args] : tool === "smart_edit_file" ? list(args["edits"]) : [];
  const lines = edits.flatMap((edit, index) => [...(index ? [" ⋯"] : []), ...changed(text(edit["old_text"]), text(edit["new_text"]))]);
  const path = text(args["path"]);
  return lines.length && path ? [bounded(path, false, lines)] : [];
}

const written = (files: Record<string, unknown>[]): PathDiff[] =>
  files.slice(0, MOST_FILES).filter((file) => text(file["path"])).map((file) => bounded(text(file["path"]), true, rows(text(file["content"])).map((row) => `+${row}`)));

// Equal lines at both ends stay as context; what is between was taken out and put in.
function changed(before: string, after: string): string[] {
  const [old, now] = [rows(before), rows(after)];
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const mark = (sign: string, some: string[]) => some.map((row) => sign + row);
  return [
    ...mark(" ", old.slice(Math.max(0, head - 3), head)), ...mark("-", old.slice(head, old.length - tail)),
    ...mark("+", now.slice(head, now.length - tail)), ...mark(" ", old.slice(old.length - tail).slice(0, 3)),
  ];
}

const bounded = (path: string, isNew: boolean, lines: string[]): PathDiff =>
  ({ path, isNew, lines: lines.slice(0, MOST_LINES), more: Math.max(0, lines.length - MOST_LINES) });

const rows = (value: string): string[] => (value === "" ? [] : value.slice(0, 200_000).replace(/\n$/, "").split("\n"));
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((one): one is Record<string, unknown> => typeof one === "object" && one !== null) : [];
