// Events of a run -> view state. Pure: the same events always give the same state.

import type { RunEvent, Wish } from "../api/events";
import { type Check, type FileEdit, type Item, type Step, type Turn } from "./turn";

const MAX_ITEMS = 1500;
const MAX_LOG_LINES = 2000;
const MAX_OUTPUT = 20_000;
const MAX_JSON = 400_000;

// An event that is not named here changes nothing that is shown.
type Handlers = { [T in RunEvent["type"]]?: (turn: Turn, event: Extract<RunEvent, { type: T }>) => Turn };

// The turn after `event`. An event that was seen already, or of an unknown type, changes nothing else.
export function reduce(turn: Turn, event: RunEvent): Turn {
  if (event.seq <= turn.lastSeq) return turn;
  const handle = (Object.hasOwn(handlers, event.type) ? handlers[event.type] : undefined) as ((turn: Turn, event: RunEvent) => Turn) | undefined;
  const next = handle ? handle(turn, event) : turn;
  return { ...next, lastSeq: event.seq };
}

export const reduceAll = (turn: Turn, events: readonly RunEvent[]): Turn => events.reduce(reduce, turn);

const handlers: Handlers = {
  user_message: (turn, e) => {
    const attachments = e.attachments ?? [];
    if (!turn.messageId || turn.messageId === e.message_id)
      return { ...turn, messageId: e.message_id, message: e.text, attachments };
    const person = { kind: "person", id: e.message_id, text: e.text, attachments } as const;
    return { ...withItem(settled(turn), person), question: null };
  },
  run_queued: (turn, e) => ({ ...turn, status: turn.startedAt ? "running" : "queued", position: e.position }),
  agent_start: (turn, e) => ({ ...turn, status: "running", position: 0, startedAt: e.timestamp, note: "" }),
  agent_resumed: (turn) => ({
    ...notice(turn, "calm", "Went on after an interruption; nothing was lost."), status: "running",
  }),
  agent_thinking: (turn, e) => {
    const kind = e.kind === "thinking" ? "thought" : "said";
    const last = turn.items.at(-1);
    const next = last?.kind === kind
      ? { ...turn, items: [...turn.items.slice(0, -1), { kind, text: last.text + e.token } as Item] }
      : withItem(turn, { kind, text: e.token } as Item);
    return { ...next, note: "", writing: null };
  },
  message_reset: (turn) => ({ ...turn, items: withoutOpenText(turn.items), writing: null }),
  tool_args_delta: (turn, e) => {
    const known = turn.writing?.toolId === e.tool_id ? turn.writing.json : "";
    const json = known.length < MAX_JSON ? known + e.delta : known;
    const path = (known && turn.writing?.path) || pathIn(json);
    return { ...turn, writing: { toolId: e.tool_id, tool: e.tool_name, path, json }, note: "" };
  },
  tool_refused: (turn, e) => withItem(unwritten(turn, e.tool_id), {
    kind: "step", id: e.tool_id, tool: e.tool_name, args: {}, state: "refused",
    files: [], output: "", result: e.reason, ms: null,
  }),
  tool_start: (turn, e) => withItem(settled(turn), {
    kind: "step", id: e.tool_id, tool: e.tool_name, args: e.tool_args, state: "active",
    files: [], output: "", result: "", ms: null,
  }),
  tool_output: (turn, e) => withStep(turn, e.tool_id, (step) => ({
    ...step, output: (step.output + e.text).slice(-MAX_OUTPUT),
  })),
  tool_complete: (turn, e) => withStep(turn, e.tool_id, (step) => ({
    ...step, ms: e.duration_ms, result: e.output_preview,
    state: e.outcome === "ok" ? "done" : e.outcome === "failed" ? "failed" : "cancelled",
  })),
  file_changed: (turn, e) => {
    const edit: FileEdit = { path: e.path, change: e.change, added: e.added ?? 0, removed: e.removed ?? 0 };
    const noted = { ...turn, files: { ...turn.files, [e.path]: merged(Object.hasOwn(turn.files, e.path) ? turn.files[e.path] : undefined, edit) } };
    const owner = turn.items.findLast((item) => item.kind === "step" && item.state === "active")
      ?? turn.items.findLast((item) => item.kind === "step");
    if (owner?.kind !== "step") return noted;
    return withStep(noted, owner.id, (step) => ({ ...step, files: [...step.files, edit] }));
  },
  plan_updated: (turn, e) => ({ ...turn, plan: e.steps }),
  plan_proposed: (turn, e) => ({ ...settled(turn), proposal: e.plan }),
  phase_changed: (turn, e) => ({ ...turn, phase: e.phase }),
  state: (turn, e) => e.state === "limit_reached"
    ? { ...notice(turn, "fair", e.detail), mayContinue: true }
    : TOLD.has(e.state) && e.detail
    ? { ...notice(turn, e.code ? "fair" : "calm", e.detail), note: e.detail }
    : { ...turn, note: (Object.hasOwn(PLAINLY, e.state) ? PLAINLY[e.state] : undefined) ?? (e.detail || e.state.replaceAll("_", " ")) },
  usage: (turn, e) => ({
    ...turn,
    model: e.model,
    costUsd: turn.costUsd + (e.cost_usd ?? 0),
    repairUsd: turn.repairUsd + (e.purpose === "repair" ? e.cost_usd ?? 0 : 0),
    unpricedCalls: turn.unpricedCalls + (typeof e.cost_usd === "number" ? 0 : 1),
    tokens: turn.tokens + e.input_tokens + e.output_tokens + (e.cache_read_tokens ?? 0) + (e.cache_write_tokens ?? 0),
  }),
  preview_ready: (turn, e) => ({ ...turn, previewUrl: e.url, appProblem: "" }),
  service_log: (turn, e) => logged(turn, e, e.service, e.text, false),
  preview_error: (turn, e) => ({ ...logged(turn, e, e.source || "app", e.message, true), appProblem: e.message }),
  check_started: (turn, e) => ({
    ...settled(turn),
    checks: [...without(turn.checks, e.name), { name: e.name, state: "active", seconds: null, detail: "" }],
  }),
  check_result: (turn, e) => ({
    ...turn,
    checks: replaced(turn.checks, {
      name: e.name, state: e.ok ? "done" : "failed", seconds: e.seconds, detail: e.detail ?? "",
    }),
  }),
  wishes_set: (turn, e) => ({ ...turn, wishes: e.wishes, notUnderstood: e.not_understood ?? [] }),
  wish_changed: (turn, e) => ({ ...turn, wishes: withWish(turn.wishes, e.wish) }),
  verification_report: (turn, e) => ({
    ...turn, report: e, proofs: turn.proofs + 1, notUnderstood: e.not_understood ?? [], wishes: withProofs(turn.wishes, e.wishes ?? []),
  }),
  version_created: (turn, e) => ({ ...turn, version: e.version }),
  user_input_required: (turn, e) => ({
    ...settled(turn), status: "waiting_input", question: { text: e.question, fields: e.fields ?? [] },
  }),
  budget_warning: (turn, e) => ({
    ...turn,
    budget: {
      message: e.message, spent: e.spent ?? 0, limit: e.limit ?? 0, unit: e.unit ?? "usd", isReached: e.is_reached ?? false,
    },
  }),
  agent_complete: (turn, e) => ({ ...ended(turn, e.timestamp, e.status), previewUrl: e.preview_url ?? turn.previewUrl }),
  agent_cancelled: (turn, e) => ended(turn, e.timestamp, e.cause === "withdrawn" ? "withdrawn" : "cancelled"),
  error: (turn, e) => ({
    ...ended(turn, e.timestamp, "failed"), problem: { message: e.message, code: e.error_type },
  }),
};

// States of the platform that stay in the conversation; the others only say what happens right now.
const TOLD = new Set(["fallback_model", "other_model", "compacting", "not_kept", "replaced", "stopped", "unknown_price", "limit_reached", "pictures_not_seen"]);
const PLAINLY: Record<string, string> = { preparing: "Making room for the app" };

function pathIn(json: string): string | null {
  const found = /"path"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(json.slice(0, 4000))?.[1];
  return found === undefined ? null : found.replaceAll("\\/", "/");
}

function withItem(turn: Turn, item: Item): Turn {
  const kept = turn.items.slice(-MAX_ITEMS + 1);
  return { ...turn, items: [...kept, item], passed: turn.passed + turn.items.length - kept.length };
}

const notice = (turn: Turn, tone: "calm" | "fair", text: string): Turn =>
  withItem(turn, { kind: "notice", tone, text });

// A tool or a check begins: what the model was writing is complete.
function settled(turn: Turn): Turn {
  const items = turn.items.filter((item) => (item.kind !== "said" && item.kind !== "thought") || item.text.trim() !== "");
  return { ...turn, items: items.length === turn.items.length ? turn.items : items, writing: null, note: "" };
}

const unwritten = (turn: Turn, toolId: string): Turn =>
  turn.writing?.toolId === toolId ? { ...turn, writing: null } : turn;

// What was streamed since the last step is void.
function withoutOpenText(items: Item[]): Item[] {
  const last = items.findLastIndex((item) => item.kind !== "said" && item.kind !== "thought");
  return items.slice(0, last + 1);
}

function withStep(turn: Turn, id: string, change: (step: Step) => Step): Turn {
  const index = turn.items.findLastIndex((item) => item.kind === "step" && item.id === id);
  const step = turn.items[index];
  if (step?.kind !== "step") return turn;
  return { ...turn, items: turn.items.with(index, change(step)) };
}

function merged(before: FileEdit | undefined, edit: FileEdit): FileEdit {
  if (!before) return edit;
  const change = before.change === "created" && edit.change === "modified" ? "created" : edit.change;
  return { ...edit, change, added: before.added + edit.added, removed: before.removed + edit.removed };
}

function logged(turn: Turn, e: { seq: number; timestamp: string }, source: string, text: string, isError: boolean): Turn {
  const line = { seq: e.seq, at: e.timestamp, source, text: text.slice(0, 4000), isError };
  return { ...turn, logs: [...turn.logs.slice(-MAX_LOG_LINES + 1), line] };
}

const without = (checks: Check[], name: string): Check[] => checks.filter((check) => check.name !== name);

const replaced = (checks: Check[], check: Check): Check[] =>
  checks.some((one) => one.name === check.name)
    ? checks.map((one) => (one.name === check.name ? check : one)) : [...checks, check];

const withWish = (wishes: Wish[], wish: Wish): Wish[] =>
  wishes.some((one) => one.id === wish.id)
    ? wishes.map((one) => (one.id === wish.id ? wish : one)) : [...wishes, wish];

function withProofs(wishes: Wish[], proofs: Pick<Wish, "id" | "text" | "kind" | "quotes" | "state" | "reason">[]): Wish[] {
  return proofs.reduce((known, proof) => {
    const before = known.find((one) => one.id === proof.id);
    return withWish(known, { ...(before ?? UNNAMED), ...pick(proof) });
  }, wishes);
}

const pick = ({ id, text, kind, quotes, state, reason }: Pick<Wish, "id" | "text" | "kind" | "quotes" | "state" | "reason">) =>
  ({ id, text, kind, quotes: quotes ?? [], state, reason: reason ?? "" });

const UNNAMED = { run_id: "", is_pinned: true, broken_by: "", is_taken_over: false, is_expectation_changed: false };

function ended(turn: Turn, at: string, status: Turn["status"]): Turn {
  const items = settled(turn).items.map((item) =>
    item.kind === "step" && item.state === "active" ? { ...item, state: "cancelled" as const } : item);
  const checks = turn.checks.filter((check) => check.state !== "active");
  return { ...turn, items, checks, status, note: "", writing: null, question: null, endedAt: at };
}


