// The conversation: what was asked, what is being done, what came of it; the message box below.

import { ArrowDown, WifiOff } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { Composer, type Unsent } from "../../shared/composer/composer";
import { useProject } from "../../shared/run/project-context";
import { liveTurn, type ProjectStore } from "../../shared/run/project-store";
import { useProjectState } from "../../shared/run/queries";
import { Button } from "../../shared/ui/button";
import { Empty, Loading, Trouble } from "../../shared/ui/empty";
import { Message } from "./message";
import { OldTurn } from "./old-turn";
import { Queue } from "./queue";
import { TurnView } from "./turn-view";

const NEAR_END = 80;

export function Chat() {
  const store = useProject();
  const view = useStore(store);
  const live = liveTurn(view);
  const isEmpty = view.phase === "ready" && !view.old.length && !view.order.length && !view.sending;
  const end = useFollowEnd(view);
  const state = useProjectState(view.id);
  return (
    <section aria-label="Conversation" className="relative grid h-full min-h-0 grid-cols-1 grid-rows-[minmax(0,1fr)_auto] bg-ground">
      <div ref={end.thread} onScroll={end.scrolled} tabIndex={0} aria-label="Messages" role="region" className="min-h-0 overflow-x-hidden overflow-y-auto px-4 focus-visible:-outline-offset-2">
        {view.phase === "loading" && !view.sending ? <Loading what="Loading the conversation" /> : null}
        {isEmpty ? <Empty title="Nothing was said yet">Describe what you want below.</Empty> : null}
        <ol className="mx-auto max-w-2xl space-y-8 py-5 empty:hidden">
          {view.old.map((old) => {
            const turn = view.turns[old.runId];
            return <li key={old.runId} id={`turn-${old.runId}`}>{turn ? <TurnView turn={turn} /> : <OldTurn old={old} />}</li>;
          })}
          {view.order.map((run) => {
            const turn = view.turns[run];
            return turn ? <li key={run} id={`turn-${run}`}><TurnView turn={turn} isLast={run === view.order.at(-1)} /></li> : null;
          })}
          {view.sending ? <li><Message text={view.sending} attachments={[]} /><p className="mt-3 text-sm text-soft"><span className="breathe">Sending…</span></p></li> : null}
        </ol>
      </div>
      <div className="relative mx-auto w-full max-w-176 space-y-2 px-4 pt-1 pb-4">
        {end.isAway ? (
          <Button small onClick={end.jump} className="absolute -top-9 left-1/2 z-1 -translate-x-1/2 rounded-full shadow-float"><ArrowDown size={14} aria-hidden />Latest</Button>
        ) : null}
        {view.connection === "lost" ? (
          <p role="alert" className="flex items-center gap-2 rounded-lg bg-fair-tint px-3 py-2 text-sm text-fair"><WifiOff size={14} aria-hidden className="shrink-0" />The connection is lost. Trying again; the work goes on meanwhile.</p>
        ) : null}
        {view.trouble ? <Trouble action={<Button small look="quiet" onClick={store.forgive}>Close</Button>}>{view.trouble}</Trouble> : null}
        <Queue id={view.id} isBusy={live !== undefined} />
        <Composer label="Message" unsent={unsentOf(store)} usualModel={state.data?.model} placeholder={view.order.length ? "Change something, or ask…" : "Describe what you want…"} draft={view.draft} offered={view.offered} onTaken={() => store.offer(null)}
          onDraft={(text) => { if (view.draft && text !== view.draft) store.suggest(""); }}
          isBusy={live !== undefined} isStopping={view.stopping !== null} onSend={store.send} onStop={() => void store.stop()} />
      </div>
    </section>
  );
}

const unsent = new WeakMap<ProjectStore, Unsent>();

function unsentOf(store: ProjectStore): Unsent {
  const known = unsent.get(store) ?? { text: "", picked: [] };
  unsent.set(store, known);
  return known;
}

let hasGone = "";

// The message that the address names, once.
function linkedTurn(box: HTMLElement | null): Element | null {
  const wanted = /^#(turn-[\w-]{1,80})$/.exec(location.hash)?.[1];
  if (!box || !wanted || hasGone === location.href) return null;
  const found = box.querySelector(`#${CSS.escape(wanted)}`);
  if (found) hasGone = location.href;
  return found;
}

// The end of the conversation stays in sight as it grows, unless somebody scrolled away from it.
function useFollowEnd(view: unknown) {
  const thread = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [isAway, setAway] = useState(false);
  useLayoutEffect(() => {
    const box = thread.current;
    const linked = linkedTurn(box);
    if (linked) {
      isAtEnd.current = false;
      linked.scrollIntoView({ block: "start" });
    } else if (box && isAtEnd.current) box.scrollTop = box.scrollHeight;
  }, [view]);
  const scrolled = () => {
    const box = thread.current;
    if (!box) return;
    isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    setAway(!isAtEnd.current);
  };
  const jump = () => {
    const box = thread.current;
    if (box) box.scrollTop = box.scrollHeight;
  };
  return { thread, scrolled, jump, isAway };
}
