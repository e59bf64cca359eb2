// What the platform did for the last message, as lines of the log.

import type { Turn } from "../../shared/run/turn";
import { describe, plain } from "../../shared/run/words";
import type { Line } from "./lines";

export function platformLines(turn: Turn | undefined): Line[] {
  if (!turn) return [];
  const lines: Line[] = [];
  const add = (key: string, source: string, level: Line["level"], text: string) => lines.push({ key: `${turn.runId}-${key}`, source, level, text });
  turn.items.forEach((item, index) => {
    if (item.kind === "notice") add(`n${index}`, "platform", item.tone === "fair" ? "warning" : "info", item.text);
    if (item.kind !== "step") return;
    const { verb, object } = describe(item);
    add(`s${item.id}`, "builder", item.state === "failed" || item.state === "refused" ? "warning" : "info", `${verb} ${object}`.trim());
  });
  for (const line of turn.logs) add(`l${line.seq}`, line.source, line.isError ? "error" : "info", line.text);
  for (const check of turn.checks) add(`c${check.name}`, "check", check.state === "failed" ? "error" : "info", `${plain(check.name)}${check.detail ? `: ${check.detail.slice(0, 500)}` : ""}`);
  if (turn.problem) add("problem", "platform", "error", turn.problem.message);
  return lines;
}
