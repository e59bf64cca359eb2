// A log recorded from a real run of the builder without a model, on a busy machine, in the middle of its checks.

import { describe, expect, it } from "vitest";
import type { RunEvent } from "../api/events";
import log from "./fixtures/gym-in-mid-work.json";
import { phrasesOf } from "./phrases";
import { withEvents, type ProjectView } from "./project-store";
import { reduceAll } from "./reduce";
import { emptyTurn, isOver } from "./turn";
import { now } from "./words";

const events = log as unknown as RunEvent[];
const turn = reduceAll(emptyTurn("r1"), events);
const AT = "2026-11-30T10:50:00Z";
const next = (type: string, rest: object = {}) => ({ type, seq: events.length + 1, run_id: "r1", project_id: "gym", timestamp: AT, ...rest }) as unknown as RunEvent;

describe("a recorded log in mid-work", () => {
  it("shows what is going on", () => {
    expect(isOver(turn)).toBe(false);
    expect(turn).toMatchObject({ status: "running", phase: "integration", lastSeq: events.length, problem: null });
    expect(Object.keys(turn.files)).toHaveLength(47);
    expect(turn.previewUrl).toMatch(/^http:\/\/3000-/);
    expect(now(turn)).toBe("Checking: Every form and button does something");
  });
  it("ties the message to its wishes", () => {
    expect(turn.wishes.length).toBeGreaterThan(3);
    const phrases = phrasesOf(turn.message, turn.wishes, turn.notUnderstood);
    expect(phrases.map((one) => one.text).join("")).toBe(turn.message);
    expect(phrases.filter((one) => one.wish).length).toBeGreaterThan(2);
  });
  it("keeps each check once, the failed one with its reason", () => {
    expect(new Set(turn.checks.map((check) => check.name)).size).toBe(turn.checks.length);
    expect(turn.checks.find((check) => check.state === "failed")?.detail).toMatch(/too slow/);
  });
  it("is the same after a reload at any place", () => {
    for (let cut = 0; cut <= events.length; cut += 7)
      expect(reduceAll(reduceAll(emptyTurn("r1"), events.slice(0, cut)), events.slice(Math.max(0, cut - 3)))).toEqual(turn);
  });
  it("ends in each way", () => {
    for (const [type, rest, status] of [
      ["agent_complete", { status: "partly" }, "partly"], ["agent_cancelled", { cause: "user" }, "cancelled"], ["error", { message: "x", error_type: "y" }, "failed"],
    ] as const) {
      const over = reduceAll(turn, [next(type, rest)]);
      expect(over).toMatchObject({ status, endedAt: AT, writing: null });
      expect([...over.items, ...over.checks].some((one) => "state" in one && one.state === "active")).toBe(false);
    }
  });
});

describe("an open project", () => {
  const view: ProjectView = {
    id: "gym", phase: "ready", connection: "live", old: [], turns: {}, order: [], stopping: null, sending: "A gym", draft: "", offered: null, trouble: "",
  };
  it("takes the message as sent when its events come", () => {
    expect(withEvents(view, events)).toMatchObject({ sending: null, order: ["r1"] });
  });
  it("keeps Stop latched until that work has ended", () => {
    const stopping = withEvents({ ...view, stopping: "r1" }, events);
    expect(stopping.stopping).toBe("r1");
    expect(withEvents(stopping, [next("agent_cancelled", { cause: "user" })]).stopping).toBeNull();
  });
  it("puts events of the next message into a turn of their own", () => {
    const second = { ...next("user_message", { message_id: "m2", text: "In green" }), run_id: "r2", seq: 1 } as RunEvent;
    expect(withEvents(withEvents(view, events), [second]).order).toEqual(["r1", "r2"]);
  });
});
