// The lines of a changed place with their numbers before and after.

export type Line = { kind: "+" | "-" | " "; old: number | null; new: number | null; text: string };

export function numbered(hunk: { old_start: number; new_start: number; lines: readonly string[] }): Line[] {
  let before = hunk.old_start;
  let after = hunk.new_start;
  return hunk.lines.map((line) => {
    const kind = line[0] === "+" || line[0] === "-" ? line[0] : " ";
    return { kind, old: kind === "+" ? null : before++, new: kind === "-" ? null : after++, text: line.slice(1) };
  });
}

export const summary = (files: readonly { added: number; removed: number }[]): string => {
  const sum = (name: "added" | "removed") => files.reduce((total, file) => total + file[name], 0);
  return `${files.length} file${files.length === 1 ? "" : "s"}, ${sum("added")} lines added, ${sum("removed")} removed`;
};

// `#3..now` in an address.
export function sidesOfHash(hash: string): { before: string; after: string } | null {
  const found = /^#(now|nothing|\d{1,9})\.\.(now|\d{1,9})$/.exec(hash);
  return found?.[1] && found[2] ? { before: found[1], after: found[2] } : null;
}
