import { expect, it } from "vitest";
import type { RunEvent } from "../api/events";
import { createProjectStore, lastTurn, shownRuns, withEvents } from "./project-store";

const of = (run: string, events: object[]) => events.map((event, at) => ({ run_id: run, seq: at + 1, timestamp: "2026-01-01T00:00:00Z", ...event }) as RunEvent);

it("leaves a message out that was taken back while it waited", () => {
  const asked = (text: string) => ({ type: "user_message", message_id: text, text });
  let view = createProjectStore("p").getState();
  view = withEvents(view, of("a", [asked("a shop"), { type: "agent_start" }, { type: "preview_ready", url: "http://x", port: 1 }, { type: "agent_cancelled", cause: "user" }]));
  view = withEvents(view, of("b", [asked("wrong")]));
  expect(view.order).toEqual(["a", "b"]);
  view = withEvents(view, of("b", [asked("wrong"), { type: "agent_cancelled", cause: "withdrawn" }]));
  expect(view.order).toEqual(["a"]);
  expect(lastTurn(view)?.status).toBe("cancelled");
});
it("shows what waits in the queue and not as what was said before", () => {
  const said = ["a", "b", "a", "c", "d"].map((run_id) => ({ run_id }));
  expect(shownRuns(said, "b")).toEqual({ last: "b", earlier: ["a"] });
  expect(shownRuns(said)).toEqual({ last: "d", earlier: ["a", "b", "c"] });
  expect(shownRuns([], "x")).toEqual({ last: "x", earlier: [] });
  expect(shownRuns([])).toEqual({ last: undefined, earlier: [] });
});
