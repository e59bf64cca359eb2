// Lines of a log: kept up to a bound, and filtered.

export type Level = "info" | "warning" | "error";
export type Line = { key: string; source: string; level: Level; text: string };

export const MAX_LINES = 5000;
const RANK: Record<Level, number> = { info: 0, warning: 1, error: 2 };
let counter = 0;

export function addLines(before: readonly Line[], more: readonly { service: string; level: Level; text: string }[]): Line[] {
  const added = more.map(({ service, level, text }) => ({ key: `app-${(counter += 1)}`, source: service, level, text }));
  return [...before, ...added].slice(-MAX_LINES);
}

export function filtered(lines: readonly Line[], { level, source, words }: { level: Level; source: string; words: string }): Line[] {
  const wanted = words.trim().toLowerCase();
  return lines.filter((line) => RANK[line.level] >= RANK[level] && (!source || line.source === source) && (!wanted || line.text.toLowerCase().includes(wanted)));
}
