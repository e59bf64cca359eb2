// A terminal in the place where the app runs, for looking and trying.

import { FitAddon } from "@xterm/addon-fit";
import { Terminal as Screen } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../shared/ui/button";
import { isDarkShown, themeOf } from "./colours";
import { openStrictly } from "./open-strictly";
import { Shell } from "./shell";

type State = "opening" | "open" | "ended";

export default function Terminal({ id }: { id: string }) {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<State>("opening");
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    setState("opening");
    return opened(host.current, id, setState);
  }, [id, round]);
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <p className="flex flex-wrap items-center gap-2 border-b border-line bg-paper px-3 py-1.5 text-sm text-soft">
        <span className="min-w-0 flex-1">For looking and trying: files that you change here are not kept. Change them under Code. Shift Tab leaves the terminal.</span>
        {state === "ended" ? <Button small onClick={() => setRound(round + 1)}>Open a new one</Button> : <span role="status">{state === "opening" ? "Opening…" : ""}</span>}
      </p>
      <div className="min-h-0 overflow-hidden bg-paper p-2">
        <div ref={host} role="group" aria-label="Terminal" className="size-full" />
      </div>
    </div>
  );
}

function opened(host: HTMLElement, id: string, setState: (state: State) => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => themeOf(isDarkShown(document.documentElement.style.colorScheme, system.matches));
  const screen = new Screen({
    theme: theme(), fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono"), fontSize: 13, cursorBlink: false,
    minimumContrastRatio: 4.5, scrollback: 5000, screenReaderMode: true, linkHandler: { activate: () => undefined },
  });
  const fit = new FitAddon();
  screen.loadAddon(fit);
  const removeStyles = openStrictly(screen, host);
  screen.attachCustomKeyEventHandler(isOfTerminal);
  const shell = new Shell(id, { onOpen: () => { setState("open"); screen.focus(); }, onBytes: (bytes) => screen.write(bytes), onEnd: () => setState("ended") });
  screen.onData((text) => shell.type(text));
  screen.onBinary((text) => shell.type(text));
  screen.onResize(({ rows, cols }) => shell.resize({ rows, columns: cols }));
  fit.fit();
  shell.resize({ rows: screen.rows, columns: screen.cols });
  const sizes = new ResizeObserver(() => fit.fit());
  sizes.observe(host);
  const recolour = () => { screen.options.theme = theme(); };
  system.addEventListener("change", recolour);
  const chosen = new MutationObserver(recolour);
  chosen.observe(document.documentElement, { attributeFilter: ["style"] });
  return () => {
    shell.close();
    sizes.disconnect();
    chosen.disconnect();
    system.removeEventListener("change", recolour);
    screen.dispose();
    removeStyles();
  };
}

// Shift Tab leaves the terminal; Ctrl Shift C copies and Ctrl V pastes, as the browser does it.
function isOfTerminal(event: KeyboardEvent): boolean {
  if (event.key === "Tab" && event.shiftKey) return false;
  if (event.metaKey) return false;
  return !(event.ctrlKey && (event.key === "v" || (event.shiftKey && /^[cv]$/i.test(event.key))));
}
