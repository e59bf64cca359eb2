import { describe, expect, it } from "vitest";
import type { RunEvent } from "../api/events";
import { reduceAll } from "./reduce";
import { emptyTurn, isOver, type Turn } from "./turn";

const RUN = "r1";
const AT = "2026-01-01T00:00:00Z";
type Told = { type: RunEvent["type"] } & Record<string, unknown>;

function told(...events: Told[]): RunEvent[] {
  return events.map((event, index) => ({ seq: index + 1, run_id: RUN, project_id: "p", timestamp: AT, ...event }) as RunEvent);
}
const turnAfter = (...events: Told[]): Turn => reduceAll(emptyTurn(RUN), told(...events));

const ASKED: Told = { type: "user_message", message_id: "m1", text: "A library", attachments: [] };
const START: Told = { type: "agent_start" };
const say = (token: string, kind = "text"): Told => ({ type: "agent_thinking", token, kind, node: "model" });
const began = (id: string, tool = "write_file", args: object = { path: "a.py" }): Told => ({ type: "tool_start", tool_id: id, tool_name: tool, tool_args: args });
const ended = (id: string, outcome = "ok"): Told => ({ type: "tool_complete", tool_id: id, tool_name: "write_file", output_preview: "done", outcome, duration_ms: 7 });
const changed = (path: string, change = "created", added = 1, removed = 0): Told => ({ type: "file_changed", path, change, added, removed });
const wish = (id: string, state = "open") => ({ id, text: id, kind: "data", quotes: [], state, reason: "" });

describe("the beginning", () => {
  it("shows the message and waits", () => {
    const turn = turnAfter(ASKED, { type: "run_queued", position: 1 });
    expect(turn).toMatchObject({ message: "A library", status: "queued", position: 1, messageId: "m1" });
  });
  it("takes a changed message of the queue for the same one", () => {
    const turn = turnAfter(ASKED, { ...ASKED, text: "A bigger library" });
    expect(turn.message).toBe("A bigger library");
    expect(turn.items).toEqual([]);
  });
  it("shows a second message inside the work", () => {
    const turn = turnAfter(ASKED, START, { type: "user_message", message_id: "m2", text: "In green" });
    expect(turn.message).toBe("A library");
    expect(turn.items).toMatchObject([{ kind: "person", text: "In green" }]);
  });
  it("stays running when an answer is queued", () => {
    expect(turnAfter(ASKED, START, { type: "run_queued", position: 0 }).status).toBe("running");
  });
});

describe("events that come twice or late", () => {
  it("changes nothing for what was seen", () => {
    const events = told(ASKED, START, say("Hello"));
    const once = reduceAll(emptyTurn(RUN), events);
    expect(reduceAll(once, events)).toEqual(once);
  });
  it("is the same in one go and in pieces", () => {
    const events = told(ASKED, START, say("a"), began("1"), changed("a.py"), ended("1"), say("b"), { type: "agent_complete", status: "verified" });
    const whole = reduceAll(emptyTurn(RUN), events);
    for (let cut = 0; cut <= events.length; cut++)
      expect(reduceAll(reduceAll(emptyTurn(RUN), events.slice(0, cut)), events.slice(cut))).toEqual(whole);
  });
  it("passes over unknown types and goes on counting", () => {
    const turn = reduceAll(emptyTurn(RUN), told(ASKED, { type: "constructor" as RunEvent["type"] }, START));
    expect(turn).toMatchObject({ status: "running", lastSeq: 3 });
  });
});

describe("text", () => {
  it("joins tokens of one kind", () => {
    expect(turnAfter(ASKED, START, say("Hel"), say("lo")).items).toEqual([{ kind: "said", text: "Hello" }]);
  });
  it("keeps thoughts apart from words", () => {
    expect(turnAfter(say("hm", "thinking"), say("Yes")).items.map((item) => item.kind)).toEqual(["thought", "said"]);
  });
  it("forgets text that is void, up to the last step", () => {
    const turn = turnAfter(say("one"), began("1"), ended("1"), say("two"), { type: "message_reset", reason: "x" });
    expect(turn.items.map((item) => item.kind)).toEqual(["said", "step"]);
  });
  it("drops blank text when a step begins", () => {
    expect(turnAfter(say(" \n"), began("1")).items.map((item) => item.kind)).toEqual(["step"]);
  });
});

describe("steps", () => {
  it("begin, print and end", () => {
    const turn = turnAfter(began("1"), { type: "tool_output", tool_id: "1", stream: "stdout", text: "hi" }, ended("1"));
    expect(turn.items[0]).toMatchObject({ state: "done", output: "hi", result: "done", ms: 7 });
  });
  it("end as failed or cancelled", () => {
    expect(turnAfter(began("1"), ended("1", "failed")).items[0]).toMatchObject({ state: "failed" });
    expect(turnAfter(began("1"), ended("1", "cancelled")).items[0]).toMatchObject({ state: "cancelled" });
  });
  it("keep the end of a long output", () => {
    const turn = turnAfter(began("1"), { type: "tool_output", tool_id: "1", stream: "stdout", text: "x".repeat(50_000) + "end" });
    const [step] = turn.items;
    expect(step?.kind === "step" && step.output.length).toBe(20_000);
    expect(step?.kind === "step" && step.output.endsWith("end")).toBe(true);
  });
  it("own the files that they write", () => {
    const turn = turnAfter(began("1"), changed("a.py"), changed("b.py"), ended("1"));
    expect(turn.items[0]).toMatchObject({ files: [{ path: "a.py" }, { path: "b.py" }] });
  });
  it("are shown as refused with the reason", () => {
    const turn = turnAfter({ type: "tool_refused", tool_id: "1", tool_name: "edit_file", reason: "no such file" });
    expect(turn.items[0]).toMatchObject({ state: "refused", result: "no such file" });
  });
  it("are over when the work is", () => {
    const turn = turnAfter(START, began("1"), { type: "agent_cancelled", cause: "user" });
    expect(turn.items[0]).toMatchObject({ state: "cancelled" });
    expect(turn.status).toBe("cancelled");
  });
  it("stay bounded in number", () => {
    const many = Array.from({ length: 1600 }, (_, index) => began(String(index)));
    const turn = turnAfter(...many);
    expect(turn.items).toHaveLength(1500);
    expect(turn.passed + 1500).toBe(many.length);
  });
});

describe("files", () => {
  it("add up over several edits", () => {
    const turn = turnAfter(changed("a.py", "created", 10), changed("a.py", "modified", 2, 1));
    expect(turn.files["a.py"]).toEqual({ path: "a.py", change: "created", added: 12, removed: 1 });
  });
  it("end as deleted", () => {
    expect(turnAfter(changed("a.py"), changed("a.py", "deleted", 0, 1)).files["a.py"]?.change).toBe("deleted");
  });
  it("have no owner before the first step", () => {
    expect(turnAfter(changed("a.py")).items).toEqual([]);
  });
});

describe("what is being written", () => {
  const delta = (text: string): Told => ({ type: "tool_args_delta", tool_id: "1", tool_name: "write_file", delta: text });
  it("names the path once it is complete", () => {
    expect(turnAfter(delta('{"path": "a')).writing).toMatchObject({ path: null });
    expect(turnAfter(delta('{"path": "a'), delta('.py", "content": "x')).writing).toMatchObject({ path: "a.py" });
  });
  it("ends with the step, a refusal or a reset", () => {
    expect(turnAfter(delta("{"), began("1")).writing).toBeNull();
    expect(turnAfter(delta("{"), { type: "tool_refused", tool_id: "1", tool_name: "write_file", reason: "" }).writing).toBeNull();
    expect(turnAfter(delta("{"), { type: "message_reset", reason: "" }).writing).toBeNull();
  });
});

describe("wishes", () => {
  const set: Told = { type: "wishes_set", wishes: [wish("w1"), wish("w2")], not_understood: ["quux"] };
  it("are set with what was not understood", () => {
    expect(turnAfter(set)).toMatchObject({ notUnderstood: ["quux"], wishes: [{ id: "w1" }, { id: "w2" }] });
  });
  it("change one by one", () => {
    expect(turnAfter(set, { type: "wish_changed", wish: wish("w2", "proven") }).wishes.map((one) => one.state)).toEqual(["open", "proven"]);
  });
  it("take their state from the report, and others join", () => {
    const report: Told = { type: "verification_report", status: "partly", checks: [], wishes: [wish("w1", "failing"), wish("w9", "proven")] };
    expect(turnAfter(set, report).wishes.map((one) => [one.id, one.state])).toEqual([["w1", "failing"], ["w2", "open"], ["w9", "proven"]]);
  });
});

describe("checks", () => {
  const check = (name: string): Told => ({ type: "check_started", name });
  const saw = (name: string, ok: boolean): Told => ({ type: "check_result", name, ok, seconds: 1, detail: "why" });
  it("begin and end", () => {
    expect(turnAfter(check("a"), saw("a", true), check("b"), saw("b", false)).checks.map((one) => one.state)).toEqual(["done", "failed"]);
  });
  it("are tried again in place of their last result", () => {
    expect(turnAfter(check("a"), saw("a", false), check("a")).checks).toMatchObject([{ state: "active" }]);
  });
  it("that never ended are not shown at the end", () => {
    expect(turnAfter(START, check("a"), { type: "agent_complete", status: "unverified" }).checks).toEqual([]);
  });
});

describe("money", () => {
  const used = (cost: number | null, purpose = "build"): Told => ({ type: "usage", model: "m", input_tokens: 10, output_tokens: 5, cost_usd: cost, purpose });
  it("adds up, repairs apart", () => {
    expect(turnAfter(used(0.2), used(0.05, "repair"))).toMatchObject({ costUsd: 0.25, repairUsd: 0.05, tokens: 30, unpricedCalls: 0 });
  });
  it("counts calls without a known price", () => {
    expect(turnAfter(used(null))).toMatchObject({ costUsd: 0, unpricedCalls: 1 });
  });
  it("warns of a limit", () => {
    expect(turnAfter({ type: "budget_warning", message: "soon", spent: 4, limit: 5 }).budget).toMatchObject({ spent: 4, limit: 5, isReached: false });
  });
});

it("shows a plan that waits for a yes", () => {
  expect(turnAfter(START, { type: "plan_proposed", plan: { title: "Shop", wishes: [] } }).proposal).toMatchObject({ title: "Shop" });
});

describe("questions", () => {
  const asks: Told = { type: "user_input_required", question: "Which?", fields: [] };
  it("wait for an answer", () => {
    const turn = turnAfter(START, asks);
    expect(turn).toMatchObject({ status: "waiting_input", question: { text: "Which?" } });
    expect(isOver(turn)).toBe(false);
  });
  it("are gone once answered", () => {
    expect(turnAfter(ASKED, START, asks, { type: "user_message", message_id: "m2", text: "Both" }).question).toBeNull();
  });
});

describe("the platform's own words", () => {
  it("stay in the conversation when they matter later", () => {
    const turn = turnAfter({ type: "state", state: "fallback_model", detail: "Going on with another model.", code: "model_overloaded" });
    expect(turn.items).toEqual([{ kind: "notice", tone: "fair", text: "Going on with another model." }]);
  });
  it("only say what happens now otherwise, without jargon", () => {
    const turn = turnAfter({ type: "state", state: "preparing", detail: "Getting a sandbox.", code: "" });
    expect(turn).toMatchObject({ items: [], note: "Making room for the app" });
  });
  it("offer to go on at the limit of steps", () => {
    expect(turnAfter({ type: "state", state: "limit_reached", detail: "50 steps." }).mayContinue).toBe(true);
  });
});

describe("the app", () => {
  it("appears, fails and recovers", () => {
    const ready: Told = { type: "preview_ready", url: "http://app", port: 3000 };
    const failed: Told = { type: "preview_error", message: "boom", source: "pages" };
    expect(turnAfter(ready).previewUrl).toBe("http://app");
    expect(turnAfter(ready, failed)).toMatchObject({ appProblem: "boom", logs: [{ isError: true, text: "boom" }] });
    expect(turnAfter(ready, failed, ready).appProblem).toBe("");
  });
  it("keeps a bounded log", () => {
    const lines = Array.from({ length: 2100 }, (_, index): Told => ({ type: "service_log", service: "backend", text: String(index) }));
    const { logs } = turnAfter(...lines);
    expect(logs).toHaveLength(2000);
    expect(logs.at(-1)?.text).toBe("2099");
  });
});

describe("endings", () => {
  it("carry the platform's word", () => {
    for (const status of ["verified", "partly", "unverified", "answered"] as const) {
      const turn = turnAfter(START, { type: "agent_complete", status, preview_url: "http://app" });
      expect(turn).toMatchObject({ status, previewUrl: "http://app", endedAt: AT });
      expect(isOver(turn)).toBe(true);
    }
  });
  it("say why it could not go on", () => {
    expect(turnAfter({ type: "error", message: "Too late.", error_type: "model_timeout" })).toMatchObject({ status: "failed", problem: { code: "model_timeout" } });
  });
});

it("takes 10,000 events without growing slow", () => {
  const events = told(ASKED, START, ...Array.from({ length: 10_000 }, (_, index) => index % 40 === 0 ? began(String(index)) : say("word ")));
  const before = performance.now();
  reduceAll(emptyTurn(RUN), events);
  expect(performance.now() - before).toBeLessThan(5000);
});
