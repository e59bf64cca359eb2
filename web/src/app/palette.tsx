// Everything by keyboard: Ctrl K finds projects, views and actions; `?` shows the keys.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type KeyboardEvent } from "react";
import { useLocation } from "wouter";
import { api, taken, USER } from "../shared/api/client";
import { chooseTheme, type Theme } from "../shared/ui/theme";
import { Dialog } from "../shared/ui/dialog";
import { found, isTyping, SHORTCUTS, type Command } from "./commands";
import { TAB_NAMES } from "./tab-names";

type Shown = "palette" | "keys" | null;

export function Palette() {
  const [shown, setShown] = useState<Shown>(null);
  useKeys(setShown);
  const close = () => setShown(null);
  if (shown === "keys") return <Keys onClose={close} />;
  return shown === "palette" ? <Finder onClose={close} onKeys={() => setShown("keys")} /> : null;
}

function useKeys(show: (what: Shown) => void) {
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        show("palette");
      } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && !document.querySelector("dialog[open]")) {
        if (event.key === "?") show("keys");
        if (event.key === "/") { event.preventDefault(); document.querySelector<HTMLElement>("textarea[data-composer]")?.focus(); }
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [show]);
}

function useCommands(close: () => void, showKeys: () => void): Command[] {
  const [place, go] = useLocation();
  const { data } = useInfiniteQuery({
    queryKey: ["projects", USER],
    queryFn: ({ pageParam }) => taken(api.GET("/api/users/{user_id}/projects", { params: { path: { user_id: USER }, query: { limit: 24, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return useMemo(() => {
    const to = (name: string, path: string, hint: string): Command => ({ name, hint, run: () => { close(); go(path); } });
    const project = /^\/projects\/[^/]+/.exec(place)?.[0];
    const views = project ? TAB_NAMES.map(({ name, title }) => to(title, `${project}/${name}`, "view of this project")) : [];
    const theme = (name: Theme, words: string): Command => ({ name: words, hint: "colours", run: () => { chooseTheme(name); close(); } });
    const projects = (data?.pages ?? []).flatMap((page) => page.projects);
    return [
      ...views, to("All projects", "/", "begin something new"), to("The platform", "/platform", "health, keys, spending"),
      ...projects.map((one) => to(one.name, `/projects/${encodeURIComponent(one.id)}`, "project")),
      theme("light", "Light colours"), theme("dark", "Dark colours"), theme("system", "Colours as the system"),
      { name: "Keys", hint: "help", run: showKeys },
    ];
  }, [place, data, go, close, showKeys]);
}

function Finder({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const hits = found(useCommands(onClose, onKeys), typed);
  const chosen = Math.min(at, hits.length - 1);
  const pressed = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && hits.length) { event.preventDefault(); setAt((chosen + step + hits.length) % hits.length); }
    if (event.key === "Enter") { event.preventDefault(); hits[chosen]?.run(); }
  };
  return (
    <Dialog size="small" title="Find" onClose={onClose}>
      <input data-first role="combobox" aria-label="Find a project, a view or an action" aria-expanded aria-controls="found" aria-activedescendant={hits.length ? `found-${chosen}` : undefined} value={typed}
        onChange={(event) => { setTyped(event.target.value); setAt(0); }} onKeyDown={pressed} placeholder="A project, a view, an action…" className="h-10 w-full rounded-lg border border-strong bg-paper px-3" />
      <ul id="found" role="listbox" aria-label="Found" className="mt-2">
        {hits.map((hit, index) => (
          <li key={`${hit.name} ${index}`} id={`found-${index}`} role="option" aria-selected={index === chosen} onClick={hit.run} onMouseMove={() => setAt(index)}
            className={`flex cursor-pointer items-baseline gap-2 rounded-lg px-3 py-1.5 ${index === chosen ? "bg-tint" : ""}`}>
            <span className="min-w-0 flex-1 truncate">{hit.name}</span><span className="shrink-0 text-xs text-soft">{hit.hint}</span>
          </li>
        ))}
      </ul>
      {hits.length ? null : <p role="status" className="p-3 text-soft">Nothing fits.</p>}
    </Dialog>
  );
}

function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog size="small" title="Keys" onClose={onClose}>
      <dl className="space-y-1.5">
        {SHORTCUTS.map(([keys, words]) => <div key={keys} className="flex gap-4"><dt className="w-36 shrink-0"><kbd className="rounded-md bg-sunk px-1.5 py-0.5 font-mono text-sm">{keys}</kbd></dt><dd className="min-w-0 text-soft">{words}</dd></div>)}
      </dl>
    </Dialog>
  );
}
