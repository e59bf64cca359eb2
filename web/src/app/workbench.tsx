import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import * as Tabs from "@radix-ui/react-tabs";
import { lazy, Suspense, useEffect, useRef, type ComponentType } from "react";
import { useLocation } from "wouter";
import { Chat } from "../features/chat/chat";
import { PreviewTab } from "../features/preview/preview-tab";
import { WishesTab } from "../features/wishes/wishes-tab";
import { useProjectView } from "../shared/run/project-context";
import { Boundary } from "../shared/ui/boundary";
import { IconButton } from "../shared/ui/button";
import { Loading } from "../shared/ui/empty";
import { TAB_NAMES } from "./tab-names";

type TabName = { name: string; title: string; View: ComponentType };

const VIEWS: Record<(typeof TAB_NAMES)[number]["name"], ComponentType> = {
  preview: PreviewTab,
  wishes: WishesTab,
  code: lazy(() => import("../features/code/code-tab")),
  changes: lazy(() => import("../features/changes/changes-tab")),
  logs: lazy(() => import("../features/logs/logs-tab")),
  history: lazy(() => import("../features/history/history-tab")),
  settings: lazy(() => import("../features/settings/settings-tab")),
};
const TABS: TabName[] = TAB_NAMES.map(({ name, title }) => ({ name, title, View: VIEWS[name] }));
const CHAT: TabName = { name: "chat", title: "Chat", View: Chat };

export const isTab = (name: string): boolean => TABS.some((tab) => tab.name === name);

type Props = { tab: string; withChat?: boolean; chat?: { isHidden: boolean; toggle: () => void } };

export function Workbench({ tab, withChat = false, chat }: Props) {
  const tabs = withChat ? [CHAT, ...TABS] : TABS;
  const id = useProjectView((view) => view.id);
  const [, go] = useLocation();
  const show = (name: string) => go(`/projects/${encodeURIComponent(id)}/${name}`, { replace: true });
  useNumberKeys(tabs, show);
  const list = useShownTab(tab);
  return (
    <Tabs.Root value={tab} onValueChange={show} activationMode="manual" className="grid h-full grid-cols-1 grid-rows-[auto_minmax(0,1fr)]">
      <div className="flex h-11 min-w-0 items-center gap-1 border-b border-line bg-paper px-2">
        {chat ? (
          <IconButton label={chat.isHidden ? "Show the conversation" : "Hide the conversation"} onClick={chat.toggle}>
            {chat.isHidden ? <PanelLeftOpen size={16} /> : <PanelLeftClose size={16} />}
          </IconButton>
        ) : null}
        <Tabs.List ref={list} aria-label="Workbench" className="relative flex min-w-0 flex-1 gap-1 overflow-x-auto [scrollbar-width:none]">
          {tabs.map(({ name, title }, index) => (
            <Tabs.Trigger key={name} value={name} title={`Alt+${index + 1}`}
              className="h-8 shrink-0 rounded-lg px-2.5 text-sm font-medium text-soft transition-colors hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:bg-sunk data-[state=active]:text-ink">
              {title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      {tabs.map(({ name, View }) => (
        // The app stays loaded behind the other tabs: it keeps its page and what was typed into it.
        <Tabs.Content key={name} value={name} forceMount={name === "preview" ? true : undefined} tabIndex={-1}
          className="min-h-0 overflow-hidden data-[state=inactive]:hidden">
          <Boundary><Suspense fallback={<Loading what="Loading" />}><View /></Suspense></Boundary>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}

// On a narrow screen not all tabs have room: the chosen one is scrolled to, again whenever the room changes.
function useShownTab(tab: string) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const follow = new ResizeObserver(() => {
      const shown = box.querySelector<HTMLElement>("[data-state=active]");
      if (shown) box.scrollLeft = shown.offsetLeft - (box.clientWidth - shown.offsetWidth) / 2;
    });
    follow.observe(box);
    return () => follow.disconnect();
  }, [tab]);
  return list;
}

function useNumberKeys(tabs: TabName[], show: (name: string) => void) {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const name = event.altKey && !event.ctrlKey && !event.metaKey ? tabs[Number(event.code.replace("Digit", "")) - 1]?.name : undefined;
      if (!name) return;
      event.preventDefault();
      show(name);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}
