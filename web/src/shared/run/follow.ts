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
      failures = 0;
      if (got === "nothing") {
        follower.onConnection("idle");
        await bell.wait(IDLE_MS, follower.signal);
      }
    } catch (error) {
      if (follower.signal.aborted) return;
      if (error instanceof ApiError && error.code === "project_not_found") {
        follower.onMissing();
        await bell.wait(MISSING_MS, follower.signal);
        continue;
      }
      follower.onConnection("lost");
      await bell.wait(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? IDLE_MS, follower.signal);
      failures += 1;
    }
  }
}

async function attach(follower: Follower): Promise<"nothing" | "read"> {
  const headers: Record<string, string> = follower.place ? { "last-event-id": follower.place } : {};
  const response = await fetch(`${projectUrl(follower.project)}/chat`, { headers, signal: follower.signal });
  await refuseBad(response);
  if (response.status === 204 || !response.body) return "nothing";
  follower.onConnection("live");
  for await (const batch of frames(response.body)) {
    follower.place = batch.at(-1)?.id ?? follower.place;
    follower.onEvents(batch.map((frame) => frame.event));
  }
  return "read";
}
