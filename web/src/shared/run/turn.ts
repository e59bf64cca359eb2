// What is shown of one message and of the work on it. Made by `reduce` out of events, never changed in place.

import type {
  Attachment, FormField, PlanStep, Proposal, Report, Wish,
} from "../api/events";

export type TurnStatus =
  | "queued" | "running" | "waiting_input"
  | "verified" | "partly" | "unverified" | "answered" | "cancelled" | "withdrawn" | "failed";

export type StepState = "active" | "done" | "failed" | "cancelled" | "refused";

export type FileEdit = {
  path: string; change: "created" | "modified" | "deleted"; added: number; removed: number;
};

export type Step = {
  kind: "step"; id: string; tool: string; args: Record<string, unknown>; state: StepState;
  files: FileEdit[]; output: string; result: string; ms: number | null;
};
export type Said = { kind: "said"; text: string };
export type Thought = { kind: "thought"; text: string };
export type Person = { kind: "person"; id: string; text: string; attachments: Attachment[] };
export type Notice = { kind: "notice"; tone: "calm" | "fair"; text: string };
export type Item = Step | Said | Thought | Person | Notice;

export type Check = {
  name: string; state: "active" | "done" | "failed"; seconds: number | null; detail: string;
};

export type Writing = { toolId: string; tool: string; path: string | null; json: string };
export type LogLine = { seq: number; at: string; source: string; text: string; isError: boolean };
export type Question = { text: string; fields: FormField[] };
export type Budget = { message: string; spent: number; limit: number; unit: "usd" | "tokens"; isReached: boolean };
export type Problem = { message: string; code: string };

export type Turn = {
  runId: string; lastSeq: number;
  messageId: string; message: string; attachments: Attachment[];
  status: TurnStatus; position: number; phase: string | null;
  // `passed`: how many items before these are not kept.
  items: Item[]; passed: number; plan: PlanStep[]; proposal: Proposal | null; writing: Writing | null; note: string;
  wishes: Wish[]; notUnderstood: string[];
  checks: Check[]; report: Report | null; proofs: number;
  files: Record<string, FileEdit>; logs: LogLine[];
  previewUrl: string | null; appProblem: string; version: number | null;
  costUsd: number; repairUsd: number; tokens: number; unpricedCalls: number; model: string;
  mayContinue: boolean; question: Question | null; budget: Budget | null; problem: Problem | null;
  startedAt: string | null; endedAt: string | null;
};

export function emptyTurn(runId: string): Turn {
  return {
    runId, lastSeq: 0, messageId: "", message: "", attachments: [],
    status: "queued", position: 0, phase: null,
    items: [], passed: 0, plan: [], proposal: null, writing: null, note: "", wishes: [], notUnderstood: [], checks: [], report: null, proofs: 0,
    files: {}, logs: [], previewUrl: null, appProblem: "", version: null,
    costUsd: 0, repairUsd: 0, tokens: 0, unpricedCalls: 0, model: "",
    mayContinue: false, question: null, budget: null, problem: null, startedAt: null, endedAt: null,
  };
}

const UNDER_WAY: ReadonlySet<TurnStatus> = new Set(["queued", "running", "waiting_input"]);

export const isOver = (turn: Turn): boolean => !UNDER_WAY.has(turn.status);
