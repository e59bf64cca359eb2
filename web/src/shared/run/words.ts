// What tools, checks, phases and states are called in front of people.

import type { Check, Step, Turn } from "./turn";

export const PHASES: Record<string, string> = {
  planning: "Planning",
  backend: "Writing the server",
  frontend: "Writing the pages",
  integration: "Starting and checking",
};

const CHECKS: Record<string, string> = {
  "python-parses": "The server's code can be read",
  "python-lint": "The server's code is clean",
  "backend-imports": "The server loads",
  services: "Database, server and pages start",
  api: "Records can be made, read, changed and deleted",
  "contract-tests": "The app's own tests pass",
  "client-in-step": "Pages and server agree",
  "frontend-types": "The pages fit together",
  "frontend-lint": "The pages' code is clean",
  pages: "Every page opens in a browser",
  dependencies: "Everything it needs is listed",
  "proof-environment": "A copy is built and started for the checks",
  wishes: "Your wishes, tried one by one",
  use: "Every form and button does something",
  look: "Readable, and fits phone and desktop",
  security: "Strangers are kept out",
  speed: "Lists stay quick with many records",
  files: "Files are read whole",
  preview: "You see the newest version",
};

// Names come from a model: "constructor" is no entry of a table.
const own = <T>(table: Record<string, T>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);

// The name of a check or a tool in words.
export const plain = (name: string): string => {
  const known = own(CHECKS, name);
  if (known) return known;
  const words = name.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const VERBS: Record<string, string> = {
  read_file: "Read", batch_read_files: "Read", write_file: "Write", batch_write_files: "Write",
  edit_file: "Edit", smart_edit_file: "Edit", delete_file: "Delete", list_files: "Look into",
  search_code: "Search for", scaffold_app: "Lay out the app", scaffold_resource: "Add",
  run_command: "Run", run_service: "Start", stop_service: "Stop", read_logs: "Read the log of",
  http_request: "Ask the app", list_processes: "Look at what is running", search_web: "Search the web",
  screenshot: "Look at", ask_user_tool: "Ask you something", update_plan: "Update the plan",
  set_wishes: "Note your wishes", change_wish: "Change a wish", check_app: "Check the app",
  run_witness: "Try a wish", read_website: "Read",
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const short = (value: string, length = 70): string => (value.length > length ? `${value.slice(0, length - 1)}…` : value);
const counted = (value: unknown, noun: string): string => {
  const count = Array.isArray(value) ? value.length : 0;
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
};

const OBJECTS: Record<string, (args: Record<string, unknown>) => string> = {
  batch_read_files: (a) => counted(a["paths"], "file"),
  batch_write_files: (a) => counted(a["files"], "file"),
  list_files: (a) => text(a["folder"]) || "the project",
  search_code: (a) => text(a["pattern"]),
  run_command: (a) => text(a["command"]),
  http_request: (a) => `${text(a["method"]) || "GET"} ${text(a["path"])}`,
  screenshot: (a) => text(a["route"]),
  search_web: (a) => text(a["query"]),
};

// Verb and object of a step: "Write", "backend/models.py".
export function describe(step: Pick<Step, "tool" | "args">): { verb: string; object: string } {
  const verb = own(VERBS, step.tool) ?? plain(step.tool);
  const name = own(OBJECTS, step.tool)?.(step.args) ?? (text(step.args["path"]) || text(step.args["name"]) || text(step.args["url"]));
  return { verb, object: short(name) };
}

// One sentence on what happens right now.
export function now(turn: Turn): string {
  if (turn.status === "queued") return turn.position ? "Waiting for the message before this one" : "Starting";
  if (turn.status === "waiting_input") return "Waiting for your answer";
  if (turn.writing) return turn.writing.path ? `Writing ${turn.writing.path}` : "Writing";
  const check = turn.checks.findLast((one: Check) => one.state === "active");
  if (check) return `Checking: ${plain(check.name)}`;
  const step = turn.items.findLast((item) => item.kind === "step" && item.state === "active");
  if (step?.kind === "step") {
    const { verb, object } = describe(step);
    return `${verb} ${step.files.at(-1)?.path ?? object}`.trim();
  }
  return turn.note || (turn.phase ? own(PHASES, turn.phase) ?? "Working" : "Thinking");
}

// What is done after a check that failed: repaired, with help, begun afresh, at last given up for what worked.
const LADDER = [
  "",
  "Not everything worked at the first try. It is being repaired.",
  "The second try, now with advice on what usually causes this.",
  "The third try, begun afresh with what failed and what was changed.",
];

export function rung(turn: Turn): string {
  if (turn.status !== "running" || turn.report?.status === "verified") return "";
  return LADDER[turn.proofs] ?? `Try number ${turn.proofs + 1}. If it does not work out, what worked before comes back.`;
}

export const dollars = (usd: number): string =>
  usd === 0 ? "$0" : usd < 0.01 ? "less than $0.01" : `$${usd.toFixed(2)}`;

export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.max(0, seconds).toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

const STEPS: [number, Intl.RelativeTimeFormatUnit][] = [[60, "second"], [60, "minute"], [24, "hour"], [30, "day"], [12, "month"], [1e9, "year"]];

export function ago(iso: string, today: number = Date.now()): string {
  let amount = (new Date(iso).getTime() - today) / 1000;
  if (Math.abs(amount) < 45) return "just now";
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [size, unit] of STEPS) {
    if (Math.abs(amount) < size) return format.format(Math.round(amount), unit);
    amount /= size;
  }
  return "";
}
