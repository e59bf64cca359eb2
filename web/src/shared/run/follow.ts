// Follows a project's events for as long as the page is open: attach, read, resume, wait, begin again.

import { ApiError, projectUrl, refuseBad } from "../api/client";
import type { RunEvent } from "../api/events";
import { frames } from "../api/sse";

export type Connection = "idle" | "live" | "lost";

export type Follower = {
  project: string;
  signal: AbortSignal;
  // Where to go on: `run:seq` of the last event that was seen.
  place: string | null;
  onEvents: (events: RunEvent[]) => void;
  onConnection: (state: Connection) => void;
  onMissing: () => void;
};

const RETRY_MS = [300, 1000, 2000, 4000];
const IDLE_MS = 4000;
const ENDINGS = new Set(["agent_complete", "agent_cancelled", "error"]);
const MISSING_MS = 600_000;

// A bell that ends a pause early: a message was sent here or in another tab.
export class Bell {
  #ring: () => void = () => undefined;

  ring(): void {
    this.#ring();
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#ring = () => { clearTimeout(timer); resolve(); };
      signal.addEventListener("abort", this.#ring, { once: true });
    });
  }
}

export async function follow(follower: Follower, bell: Bell): Promise<void> {
  let failures = 0;
  while (!follower.signal.aborted) {
    try {
      const got = await attach(follower);
      failures = got === "cut" ? failures + 1 : 0;
      if (got === "nothing") {
        follower.onConnection("idle");
        await bell.wait(IDLE_MS, follower.signal);
      } else if (got === "cut") await bell.wait(pauseAfter(failures), follower.signal);
    } catch (error) {
      if (follower.signal.aborted) return;
      if (error instanceof ApiError && error.code === "project_not_found") {
        follower.onMissing();
        await bell.wait(MISSING_MS, follower.signal);
        continue;
      }
      follower.onConnection("lost");
      failures += 1;
      await bell.wait(pauseAfter(failures), follower.signal);
    }
  }
}

const pauseAfter = (failures: number): number => RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? IDLE_MS;

// "cut": the stream ended before the work did, as when the platform restarts; what was read counts all the same.
async function attach(follower: Follower): Promise<"nothing" | "over" | "cut"> {
  const headers: Record<string, string> = follower.place ? { "last-event-id": follower.place } : {};
  const response = await fetch(`${projectUrl(follower.project)}/chat`, { headers, signal: follower.signal });
  await refuseBad(response);
  if (response.status === 204 || !response.body) return "nothing";
  follower.onConnection("live");
  let isOver = false;
  for await (const batch of frames(response.body)) {
    isOver ||= batch.some((frame) => ENDINGS.has(frame.event.type));
    follower.place = batch.at(-1)?.id ?? follower.place;
    follower.onEvents(batch.map((frame) => frame.event));
  }
  return isOver ? "over" : "cut";
}
