import type { Tool } from "@/lib/types";
import { dayOf } from "@/lib/words";

export function ToolState({ tool }: { tool: Tool }) {
  if (tool.isRetired) return <span className="state retired">retired</span>;
  if (tool.outUntil) return <span className="state out">{`out until ${dayOf(tool.outUntil)}`}</span>;
  return <span className="state in">{tool.waiting > 0 ? `in, ${tool.waiting} waiting` : "in"}</span>;
}
