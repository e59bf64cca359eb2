// The platform's HTTP API. A stream ends with the run; a lost connection is taken up again.

export const USER = new URLSearchParams(location.search).get("user") || "local";

const RECONNECT_MS = [300, 1000, 2000, 4000];

export class Refused extends Error {
  constructor(problem) {
    super(problem.detail || "The platform refused.");
    this.code = problem.code;
    this.status = problem.status;
  }
}

async function checked(response) {
  if (response.ok) return response;
  let problem = { status: response.status, detail: `The platform answered ${response.status}.` };
  try {
    problem = await response.json();
  } catch {
    // Not from us: the sentence above must do.
  }
  throw new Refused(problem);
}

export async function getJson(path) {
  return (await checked(await fetch(path, { headers: { accept: "application/json" } }))).json();
}

export async function postJson(path, body) {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body ?? {}) };
  return (await checked(await fetch(path, init))).json();
}

export const at = (project) => `/api/projects/${encodeURIComponent(project)}`;

// Send a message and hand every event of its run to `onEvent`, in order, to its end.
export function send(project, message, attachments, watcher) {
  const headers = { "content-type": "application/json", "idempotency-key": randomId(24) };
  const init = { method: "POST", headers, body: JSON.stringify({ message, attachments, user_id: watcher.user }) };
  return follow(project, init, null, watcher);
}

// Watch the run under way, or what comes after a place in its log.
export function attach(project, place, watcher) {
  return follow(project, null, place, watcher);
}

async function follow(project, first, place, { signal, onEvent, onConnection }) {
  let request = first;
  let failures = 0;
  for (;;) {
    try {
      const headers = place ? { "last-event-id": place } : {};
      const init = request ?? { headers };
      const response = await checked(await fetch(`${at(project)}/chat`, { ...init, signal }));
      if (response.status === 204) return;
      onConnection(true);
      let isOver = false;
      for await (const frame of frames(response.body)) {
        failures = 0;
        place = frame.id;
        request = null;
        onEvent(frame.event);
        isOver ||= ["agent_complete", "agent_cancelled", "error"].includes(frame.event.type);
      }
      if (isOver) return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && (error.status < 500 || request !== null)) throw error;
      onConnection(false);
    }
    await pause(RECONNECT_MS[Math.min(failures, RECONNECT_MS.length - 1)], signal);
    if (signal.aborted) return;
    failures += 1;
  }
}

async function* frames(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const frame = parse(block);
        if (frame) yield frame;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function parse(block) {
  let id = null;
  let data = null;
  for (const line of block.split("\n")) {
    if (line.startsWith("id: ")) id = line.slice(4);
    else if (line.startsWith("data: ")) data = line.slice(6);
  }
  return data === null ? null : { id, event: JSON.parse(data) };
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

export function randomId(length) {
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
}
