// The parts of the platform in words.

type Part = { status: "ok" | "failed" | "off"; detail?: Record<string, unknown> };

const NAMES: Record<string, string> = {
  database: "The database", checkpointer: "The memory of conversations", redis: "The shared cache",
  sandboxes: "The machines that apps run on", agent: "The builder",
};

export function partWords(name: string, part: Part): string {
  const title = NAMES[name] ?? name;
  if (part.status === "off") return `${title} is not used, which is fine.`;
  if (part.status === "failed") return `${title} does not work: ${String(part.detail?.["error"] ?? "it does not answer")}`;
  const facts = part.detail ?? {};
  if (name === "sandboxes") return `${title} work (${facts["engine"] === "e2b" ? "in E2B’s cloud" : "on this machine"}): ${Number(facts["running"] ?? 0)} awake${facts["max_total"] ? ` of ${Number(facts["max_total"])} at most` : ""}, ${Number(facts["paused"] ?? 0)} asleep.`;
  if (name === "agent") return `${title} works${facts["model"] && facts["model"] !== "offline" ? ` with ${String(facts["model"])}` : " offline, without a model"}.${facts["notice"] ? ` ${String(facts["notice"])}` : ""}`;
  return `${title} works.`;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

export function queueWords({ waiting, working }: { waiting: number; working: number }): string {
  if (!waiting && !working) return "Nothing is worked on, and nobody waits.";
  return `${counted(working, "message")} ${working === 1 ? "is" : "are"} worked on, ${waiting ? `${waiting} more` : "none"} ${waiting > 1 ? "wait" : "waits"}.`;
}
