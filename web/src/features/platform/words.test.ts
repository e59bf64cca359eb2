import { expect, it } from "vitest";
import { partWords, queueWords } from "./words";

it("tells each part in a sentence", () => {
  expect(partWords("redis", { status: "off" })).toBe("The shared cache is not used, which is fine.");
  expect(partWords("database", { status: "failed", detail: { error: "It is away." } })).toContain("It is away.");
  expect(partWords("sandboxes", { status: "ok", detail: { engine: "local", running: 2, paused: 1 } })).toContain("2 awake, 1 asleep");
  expect(partWords("sandboxes", { status: "ok", detail: { running: 2, paused: 1, max_total: 10 } })).toContain("2 awake of 10 at most, 1 asleep");
  expect(partWords("agent", { status: "ok", detail: { model: "offline" } })).toContain("offline, without a model");
  expect(partWords("new", { status: "ok" })).toBe("new works.");
});

it("tells how busy it is", () => {
  expect(queueWords({ waiting: 0, working: 0 })).toBe("Nothing is worked on, and nobody waits.");
  expect(queueWords({ waiting: 0, working: 1 })).toBe("1 message is worked on, none waits.");
  expect(queueWords({ waiting: 3, working: 2 })).toBe("2 messages are worked on, 3 more wait.");
});
