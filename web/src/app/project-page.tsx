// A project: the conversation on the left, the workbench on the right; one of them on small screens.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Group, Panel, Separator, useDefaultLayout, usePanelRef } from "react-resizable-panels";
import { useStore } from "zustand";
import { useLocation } from "wouter";
import { Chat } from "../features/chat/chat";
import { takePending } from "../shared/run/pending";
import { ProjectProvider } from "../shared/run/project-context";
import { createProjectStore, lastTurn, type ProjectStore } from "../shared/run/project-store";
import { projectKey } from "../shared/run/queries";
import { isOver } from "../shared/run/turn";
import { Button } from "../shared/ui/button";
import { Empty } from "../shared/ui/empty";
import { useMedia } from "../shared/ui/use-media";
import { ProjectHeader } from "./project-header";
import { isTab, Workbench } from "./workbench";

export default function ProjectPage({ id, tab }: { id: string; tab: string }) {
  const project = decodeURIComponent(id);
  const store = useMemo(() => createProjectStore(project), [project]);
  useEffect(() => {
    const pending = takePending(project);
    if (pending) void store.send(pending);
    return store.open();
  }, [store, project]);
  useRefresh(store);
  const isMissing = useStore(store, (view) => view.phase === "missing");
  return (
    <ProjectProvider value={store}>
      <div className="grid h-full grid-cols-1 grid-rows-[auto_minmax(0,1fr)]">
        <ProjectHeader />
        {isMissing ? <Missing /> : <Panes tab={tab} />}
      </div>
    </ProjectProvider>
  );
}

// What the server knows beside the events is asked anew when a turn ends.
function useRefresh(store: ProjectStore) {
  const queries = useQueryClient();
  const { id } = store.getState();
  const over = useStore(store, (view) => {
    const turn = lastTurn(view);
    return turn && isOver(turn) ? turn.runId : null;
  });
  const phase = useStore(store, (view) => lastTurn(view)?.phase ?? null);
  // The app's title, which names the project, is known once its records are laid out.
  useEffect(() => { if (phase) void queries.invalidateQueries({ queryKey: projectKey(id, "state") }); }, [queries, id, phase]);
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: projectKey(id, "state").slice(0, 2) });
    void queries.invalidateQueries({ queryKey: ["projects"] });
  }, [queries, id, over]);
}

// One tree for both layouts: what is open in the workbench (a terminal, an unsaved text, a page of the app) stays
// when a window is made narrow, or a tablet is turned.
function Panes({ tab }: { tab: string }) {
  const isNarrow = useMedia("(max-width: 899px)");
  const layout = useDefaultLayout({ id: "stackwright.panes", storage: localStorage, panelIds: isNarrow ? ["workbench"] : ["chat", "workbench"] });
  const chat = usePanelRef();
  const [isHidden, setHidden] = useState(false);
  const toggle = () => (isHidden ? chat.current?.expand() : chat.current?.collapse());
  const shown = isTab(tab) ? tab : isNarrow ? "chat" : "preview";
  return (
    <main tabIndex={-1} className="min-h-0">
      <Group orientation="horizontal" defaultLayout={layout.defaultLayout} onLayoutChanged={layout.onLayoutChanged}>
        {isNarrow ? null : (
          <Panel id="chat" panelRef={chat} defaultSize="34%" minSize="320px" maxSize="60%" collapsible collapsedSize="0px"
            onResize={(size) => setHidden(size.inPixels < 8)}>
            {isHidden ? null : <Chat />}
          </Panel>
        )}
        {isNarrow ? null : <Separator aria-label="Width of the conversation" className="w-px bg-line transition-colors hover:bg-accent data-[separator=drag]:bg-accent" />}
        <Panel id="workbench" minSize={isNarrow ? "0px" : "360px"}>
          <Workbench tab={shown} withChat={isNarrow} {...(isNarrow ? {} : { chat: { isHidden, toggle } })} />
        </Panel>
      </Group>
    </main>
  );
}

function Missing() {
  const [, go] = useLocation();
  return (
    <main tabIndex={-1}>
      <Empty title="There is no such project" action={<Button look="primary" onClick={() => go("/")}>All projects</Button>}>
        It may have been deleted, or it belongs to somebody else.
      </Empty>
    </main>
  );
}
