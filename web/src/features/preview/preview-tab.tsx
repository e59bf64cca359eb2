// The app beside the conversation. It has an origin of its own and cannot reach this page.

import { AppWindow, ChevronRight, CircleAlert, Wrench } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { api, taken } from "../../shared/api/client";
import { useProject, useProjectView } from "../../shared/run/project-context";
import { lastTurn, liveTurn } from "../../shared/run/project-store";
import { useProjectState } from "../../shared/run/queries";
import type { Turn } from "../../shared/run/turn";
import { now } from "../../shared/run/words";
import { Button } from "../../shared/ui/button";
import { Empty, Trouble } from "../../shared/ui/empty";
import { Frame, type Going, type Order, type Size } from "./frame";
import { PageDrawer } from "./page-drawer";
import { addressOf, isBad, type Told } from "./places";
import { Toolbar } from "./toolbar";
import { Sleep, Waking } from "./waking";
import { usePageNews } from "./use-page-news";

// The app does not know this visitor any more.
const FORGET = "/__stackwright/forget";

export function PreviewTab() {
  const id = useProjectView((view) => view.id);
  const live = useProjectView(liveTurn);
  const last = useProjectView(lastTurn);
  const state = useProjectState(id, (known) => (known?.sandbox_state === "running" ? 15_000 : 3_000));
  // Where the app was sent to, how often it was loaded, and where it says that it is.
  const [sent, setSent] = useState({ route: "/", loads: 0 });
  const [told, setTold] = useState<Told>({ route: "/", canGoBack: false, canGoForward: false });
  const [going, setGoing] = useState<Going>(null);
  const [size, setSize] = useState<Size>("full");
  const [isTurned, setTurned] = useState(false);
  const [isWaking, setWaking] = useState(false);
  const [problem, setProblem] = useState("");
  const hasApp = (state.data?.last_report && state.data.last_report.status !== "unverified") || (state.data?.service_pids && Object.keys(state.data.service_pids).length > 0);
  const base = last?.previewUrl ?? (hasApp ? state.data?.preview_url : undefined) ?? null;
  const address = base === null ? null : addressOf(base, sent.route);
  const load = (route: string) => {
    setTold((before) => ({ ...before, route }));
    setSent((before) => ({ route, loads: before.loads + 1 }));
  };
  // Answered by the platform, which sends the browser on to the first page.
  const enter = (path: string) => {
    setTold((before) => ({ ...before, route: "/" }));
    setSent((before) => ({ route: path, loads: before.loads + 1 }));
  };
  const reload = () => load(told.route);
  const hear = useCallback((news: Told) => setTold(news), []);
  useReloadAfter(live, reload);
  const page = usePageNews(id, told.route, setProblem);
  const [isDrawn, setDrawn] = useState(false);
  const ask = (go: Order) => setGoing((before) => ({ go, count: (before?.count ?? 0) + 1 }));

  const restart = async () => {
    setWaking(true);
    await taken(api.POST("/api/projects/{project_id}/restore", { params: { path: { project_id: id } }, body: {} })).catch(() => undefined);
    setWaking(false);
    reload();
    void state.refetch();
  };
  if (address === null) return live ? <Building turn={live} /> : (
    <Empty icon={<AppWindow size={20} />} title="No app yet">
      Say what you want to build. Your app appears here as soon as it starts, long before everything is checked.
    </Empty>
  );
  const routes = [...new Set((last?.report ?? state.data?.last_report)?.screenshots?.map((shot) => shot.route) ?? [])];
  return (
    <div className="@container grid h-full grid-cols-1 grid-rows-[auto_auto_minmax(0,1fr)_auto] bg-sunk">
      <Toolbar id={id} told={told} address={addressOf(base ?? "", told.route) ?? address} routes={routes} size={size} isTurned={isTurned} isWaking={isWaking}
        isPicking={page.isPicking} bad={page.lines.filter(isBad).length} isDrawn={isDrawn} onDraw={() => setDrawn(!isDrawn)}
        onPick={() => { ask(page.isPicking ? "unpick" : "pick"); page.setPicking(!page.isPicking); }} onPicture={() => { page.awaitPicture(); ask("picture"); }} onForget={() => enter(FORGET)} onEnter={enter} onProblem={setProblem}
        onGo={ask} onOpen={load} onReload={reload}
        onSize={setSize} onTurn={() => setTurned(!isTurned)} onRestart={() => void restart()} />
      {isWaking ? <Waking text="The app is started anew from its files." /> : problem ? <div className="border-b border-line bg-paper p-2"><Trouble action={<Button small look="quiet" onClick={() => setProblem("")}>Close</Button>}>{problem}</Trouble></div> : last?.appProblem ? <Crash turn={last} isBusy={live !== undefined} /> : state.data && !live ? <Sleep state={state.data.sandbox_state} /> : <div />}
      <Frame key={sent.loads} address={address} size={size} isTurned={isTurned} going={going} onTold={hear} onNews={page.hear} />
      {isDrawn ? <PageDrawer lines={page.lines} onClear={page.clear} /> : null}
    </div>
  );
}

// The app follows edits by itself and keeps its page. Only one that failed is loaded anew when the work has ended.
function useReloadAfter(live: Turn | undefined, reload: () => void) {
  const [failed, setFailed] = useState(false);
  const hasFailed = Boolean(live?.appProblem);
  useEffect(() => {
    if (hasFailed) setFailed(true);
    if (live || !failed) return;
    setFailed(false);
    reload();
  }, [live, hasFailed, failed, reload]);
}

function Building({ turn }: { turn: Turn }) {
  return (
    <div className="grid h-full place-items-center p-6">
      <div className="w-full max-w-sm text-center">
        <div aria-hidden className="mx-auto mb-5 w-56 overflow-hidden rounded-xl border border-line bg-paper">
          <div className="flex gap-1 border-b border-line px-2.5 py-2">{[0, 1, 2].map((dot) => <span key={dot} className="size-1.5 rounded-full bg-line" />)}</div>
          <div className="space-y-2 p-3">{["w-1/2", "w-full", "w-5/6", "w-2/3"].map((width) => <div key={width} className={`breathe h-2 rounded-full bg-sunk ${width}`} />)}</div>
        </div>
        <h2 className="text-lg font-semibold">Your app appears here</h2>
        <p className="mt-1 truncate text-soft">{now(turn)}…</p>
      </div>
    </div>
  );
}

function Crash({ turn, isBusy }: { turn: Turn; isBusy: boolean }) {
  const store = useProject();
  const lines = turn.logs.slice(-6).map((line) => line.text);
  const fix = () => void store.send({ message: `The app shows an error. Fix it: ${turn.appProblem.slice(0, 2000)}`, attachments: [] });
  return (
    <section aria-label="The app failed" className="border-b border-line bg-paper px-3 py-2 text-sm">
      <div className="flex items-start gap-2">
        <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-bad" />
        <p className="line-clamp-3 min-w-0 flex-1 wrap-anywhere"><span className="font-medium text-bad">The app failed. </span>{turn.appProblem.slice(0, 600)}</p>
        <Button small look="primary" disabled={isBusy} onClick={fix}><Wrench size={13} aria-hidden />Fix it</Button>
      </div>
      {lines.length ? (
        <details className="group mt-1"><summary className="inline-flex items-center gap-1 rounded-md text-soft hover:text-ink"><ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />Last lines it wrote</summary>
          <pre tabIndex={0} className="mt-1 max-h-32 overflow-auto rounded-md bg-sunk p-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere">{lines.join("\n")}</pre></details>
      ) : null}
    </section>
  );
}
