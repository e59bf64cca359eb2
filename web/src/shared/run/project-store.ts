// One project as the page shows it: turns by run, the connection, and what a person can do.

import { createStore, type StoreApi } from "zustand";
import { api, ApiError, projectUrl, randomId, refuseBad, taken, type Schemas } from "../api/client";
import type { RunEvent } from "../api/events";
import { Bell, follow, type Connection, type Follower } from "./follow";
import { reduceAll } from "./reduce";
import { emptyTurn, isOver, type Turn } from "./turn";

export type NewAttachment = { name: string; data: string };
export type OldTurn = {
  runId: string; message: string; attachments: Schemas["Attachment"][]; answer: string; status: string; at: string;
};
export type Sending = { message: string; attachments: NewAttachment[]; mode?: string; model?: string; onBusy?: "queue" | "steer" };

export type ProjectView = {
  id: string;
  phase: "loading" | "ready" | "missing";
  connection: Connection;
  old: OldTurn[];
  turns: Record<string, Turn>;
  order: string[];
  stopping: string | null;
  sending: string | null;
  // A text that some button puts into the message box.
  draft: string;
  // A file that waits to be taken into the message box.
  offered: File | null;
  trouble: string;
};

export type ProjectStore = StoreApi<ProjectView> & {
  open: () => () => void;
  send: (what: Sending) => Promise<boolean>;
  stop: () => Promise<void>;
  answer: (runId: string, answers: Record<string, string | string[]>) => Promise<boolean>;
  checkAgain: () => Promise<void>;
  build: (changes: Schemas["PlanChange"]) => Promise<boolean>;
  expand: (runId: string) => Promise<void>;
  forgive: () => void;
  suggest: (text: string) => void;
  offer: (file: File | null) => void;
};

const PAGE = 1000;

export const lastTurn = (view: ProjectView): Turn | undefined => view.turns[view.order.at(-1) ?? ""];

// The turn that is under way, else undefined.
export const liveTurn = (view: ProjectView): Turn | undefined =>
  view.order.map((run) => view.turns[run]).findLast((turn) => turn !== undefined && !isOver(turn));

export function createProjectStore(id: string): ProjectStore {
  const store = createStore<ProjectView>(() => ({
    id, phase: "loading", connection: "idle", old: [], turns: {}, order: [], stopping: null, sending: null, draft: "", offered: null, trouble: "",
  }));
  const bell = new Bell();
  const others = new BroadcastChannel("stackwright");
  const tell = (error: unknown) =>
    store.setState({ trouble: error instanceof Error ? error.message : String(error) });
  // A first message makes the project: nothing is asked about it before that.
  let arrived: Promise<unknown> = Promise.resolve();
  const take = batched((events) => store.setState((view) => withEvents(view, events)));

  function wake(): void {
    bell.ring();
    others.postMessage(id);
  }

  function open(): () => void {
    const leaving = new AbortController();
    const heard = (event: MessageEvent) => { if (event.data === id) bell.ring(); };
    others.addEventListener("message", heard);
    const follower: Follower = {
      project: id, signal: leaving.signal, place: null, onEvents: take,
      onConnection: (connection) => {
        if (store.getState().connection !== connection) store.setState({ connection });
      },
      onMissing: () => missing(store),
    };
    void arrived.then(() => load(store, follower)).then(() => follow(follower, bell));
    return () => {
      leaving.abort();
      others.removeEventListener("message", heard);
    };
  }

  function send(what: Sending): Promise<boolean> {
    const sent = post(what);
    if (store.getState().phase === "loading") arrived = sent;
    return sent;
  }

  async function post({ message, attachments, mode, model, onBusy }: Sending): Promise<boolean> {
    store.setState({ sending: message, trouble: "" });
    try {
      const body = { message, attachments, user_id: undefined as string | undefined, on_busy: onBusy ?? "queue", mode, model };
      const response = await refuseBad(await fetch(`${projectUrl(id)}/chat`, {
        method: "POST", body: JSON.stringify(body),
        headers: { "content-type": "application/json", "idempotency-key": randomId(24) },
      }));
      await response.body?.cancel();
      // Behind a message that is being worked on it shows in the queue, or when it is taken up.
      if (liveTurn(store.getState())) store.setState({ sending: null });
      wake();
      return true;
    } catch (error) {
      store.setState((view) => ({ sending: null, draft: view.order.length ? view.draft : message }));
      tell(error);
      return false;
    }
  }

  async function stop(): Promise<void> {
    const turn = liveTurn(store.getState());
    if (!turn) return;
    store.setState({ stopping: turn.runId });
    try {
      await taken(api.POST("/api/projects/{project_id}/runs/{run_id}/cancel", {
        params: { path: { project_id: id, run_id: turn.runId } },
      }));
    } catch (error) {
      store.setState({ stopping: null });
      tell(error);
    }
  }

  async function answer(runId: string, answers: Record<string, string | string[]>): Promise<boolean> {
    try {
      await taken(api.POST("/api/projects/{project_id}/runs/{run_id}/answer", {
        params: { path: { project_id: id, run_id: runId } }, body: { answers },
      }));
      wake();
      return true;
    } catch (error) {
      tell(error);
      return false;
    }
  }

  async function checkAgain(): Promise<void> {
    try {
      await taken(api.POST("/api/projects/{project_id}/verify", { params: { path: { project_id: id } } }));
      wake();
    } catch (error) {
      tell(error);
    }
  }

  async function build(body: Schemas["PlanChange"]): Promise<boolean> {
    try {
      await taken(api.POST("/api/projects/{project_id}/plan/approve", { params: { path: { project_id: id } }, body }));
      wake();
      return true;
    } catch (error) {
      tell(error);
      return false;
    }
  }

  async function expand(runId: string): Promise<void> {
    try {
      const turn = await replay(id, runId);
      store.setState((view) => withTurn(view, turn));
    } catch (error) {
      tell(error);
    }
  }

  return Object.assign(store, { open, send, stop, answer, checkAgain, build, expand, forgive: () => store.setState({ trouble: "" }),
    suggest: (draft: string) => store.setState({ draft }),
    offer: (offered: File | null) => store.setState({ offered }) });
}

async function load(store: StoreApi<ProjectView>, follower: Follower): Promise<void> {
  const path = { project_id: follower.project };
  try {
    const [state, history] = await Promise.all([
      taken(api.GET("/api/projects/{project_id}/state", { params: { path } })),
      taken(api.GET("/api/projects/{project_id}/history", { params: { path, query: { limit: 200 } } })),
    ]);
    const { last, earlier } = shownRuns(history.messages, state.current_run?.id);
    const old = earlier.map((run) => oldTurn(history.messages, run));
    const turn = last ? await replay(follower.project, last).catch(() => null) : null;
    if (turn) follower.place = `${turn.runId}:${turn.lastSeq}`;
    store.setState((view) => ({ ...(turn ? withTurn(view, turn) : view), old, phase: "ready", sending: turn ? null : view.sending }));
  } catch (error) {
    if (error instanceof ApiError && error.code === "project_not_found") missing(store);
    else store.setState({ phase: "ready", connection: "lost" });
  }
}

// The run that is replayed, and those before it. What comes after the run under way waits: the queue shows it.
export function shownRuns(messages: readonly { run_id: string }[], current?: string): { last: string | undefined; earlier: string[] } {
  const runs = [...new Set(messages.map((message) => message.run_id))];
  const last = current ?? runs.at(-1);
  const at = last === undefined ? -1 : runs.indexOf(last);
  return { last, earlier: at < 0 ? runs : runs.slice(0, at) };
}

// A first message that was refused has made no project; it stays in the box with the reason beside it.
function missing(store: StoreApi<ProjectView>): void {
  store.setState((view) => ({ phase: view.trouble || view.sending ? "ready" : "missing" }));
}

async function replay(project: string, run: string): Promise<Turn> {
  let turn = emptyTurn(run);
  let after: number | null = 0;
  while (after !== null) {
    const query: { after: number; limit: number } = { after, limit: PAGE };
    const page: Schemas["EventPage"] = await taken(api.GET("/api/projects/{project_id}/runs/{run_id}/events", {
      params: { path: { project_id: project, run_id: run }, query },
    }));
    turn = reduceAll(turn, page.events);
    after = page.next;
  }
  return turn;
}

function oldTurn(messages: Schemas["MessageOut"][], run: string): OldTurn {
  const mine = messages.filter((message) => message.run_id === run);
  const asked = mine.find((message) => message.role === "user");
  const answered = mine.findLast((message) => message.role === "assistant");
  return {
    runId: run, message: asked?.content ?? "", attachments: asked?.attachments ?? [], answer: answered?.content ?? "",
    status: answered?.status ?? "", at: mine[0]?.created_at ?? "",
  };
}

function withTurn(view: ProjectView, turn: Turn): ProjectView {
  // A message that was taken back while it waited is no part of the conversation.
  if (turn.status === "withdrawn") return { ...view, order: view.order.filter((run) => run !== turn.runId) };
  const isKnown = view.order.includes(turn.runId);
  const isOld = view.old.some((one) => one.runId === turn.runId);
  return {
    ...view,
    turns: { ...view.turns, [turn.runId]: turn },
    order: isKnown || isOld ? view.order : [...view.order, turn.runId],
  };
}

export function withEvents(view: ProjectView, events: RunEvent[]): ProjectView {
  let next = view;
  for (const run of new Set(events.map((event) => event.run_id))) {
    const mine = events.filter((event) => event.run_id === run);
    next = withTurn(next, reduceAll(next.turns[run] ?? emptyTurn(run), mine));
  }
  const live = liveTurn(next);
  const isTaken = events.some((event) => event.type === "user_message");
  return {
    ...next,
    sending: isTaken ? null : next.sending,
    stopping: next.stopping && live?.runId === next.stopping ? next.stopping : null,
  };
}

// Events that come within one frame of the screen are shown together.
function batched(show: (events: RunEvent[]) => void): (events: RunEvent[]) => void {
  let waiting: RunEvent[] = [];
  const flush = () => {
    const events = waiting;
    waiting = [];
    if (events.length) show(events);
  };
  return (events) => {
    const isFirst = waiting.length === 0;
    waiting.push(...events);
    // A hidden tab gets no frames; it shows what came when a timer ends.
    if (isFirst) { if (document.hidden) setTimeout(flush, 250); else requestAnimationFrame(flush); }
  };
}
