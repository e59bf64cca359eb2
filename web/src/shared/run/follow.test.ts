import { afterEach, describe, expect, it, vi } from "vitest";
import { Bell, follow, type Connection, type Follower } from "./follow";

const frame = (seq: number, type = "agent_start") => `id: r:${seq}\ndata: ${JSON.stringify({ type, seq, run_id: "r" })}\n\n`;
const stream = (...texts: string[]) => new Response(texts.join(""), { status: 200 });
const nothing = () => new Response(null, { status: 204 });

// Answers come in order; when they are used up, the page is left.
async function followed(answers: (() => Response)[]) {
  const leaving = new AbortController();
  const asked: (string | null)[] = [];
  const seen: number[] = [];
  const states: Connection[] = [];
  let isMissing = false;
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    asked.push(new Headers(init.headers).get("last-event-id"));
    const answer = answers.shift();
    if (answer === undefined) {
      leaving.abort();
      throw new Error("left");
    }
    return answer();
  });
  const follower: Follower = {
    project: "p", signal: leaving.signal, place: null,
    onEvents: (events) => seen.push(...events.map((event) => event.seq)),
    onConnection: (state) => states.push(state), onMissing: () => { isMissing = true; leaving.abort(); },
  };
  vi.useFakeTimers();
  const done = follow(follower, new Bell());
  await vi.runAllTimersAsync();
  await done;
  return { asked, seen, states, isMissing };
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("following a project", () => {
  it("goes on after the last event when the stream is cut", async () => {
    const { asked, seen } = await followed([() => stream(frame(1), frame(2)), () => stream(frame(3, "agent_complete"))]);
    expect(seen).toEqual([1, 2, 3]);
    expect(asked.slice(0, 3)).toEqual([null, "r:2", "r:3"]);
  });
  it("says when the connection is lost and when it is back", async () => {
    const { states } = await followed([() => { throw new TypeError("no network"); }, () => stream(frame(1))]);
    expect(states.slice(0, 2)).toEqual(["lost", "live"]);
  });
  it("waits while nothing is under way", async () => {
    expect((await followed([nothing, nothing])).states).toEqual(["idle", "idle"]);
  });
  it("knows a project that is gone from a platform in trouble", async () => {
    const gone = () => Response.json({ code: "project_not_found", detail: "x" }, { status: 404 });
    const trouble = () => Response.json({ code: "unavailable", detail: "x" }, { status: 503 });
    expect((await followed([gone])).isMissing).toBe(true);
    expect(await followed([trouble])).toMatchObject({ isMissing: false, states: ["lost"] });
  });
});
