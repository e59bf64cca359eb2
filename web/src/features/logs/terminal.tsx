// A shell in the place where the app runs. What it writes is drawn as text, line by line.

import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import { api, projectUrl, taken } from "../../shared/api/client";
import { Button } from "../../shared/ui/button";
import { emptyScreen, pieces, sentBy, written, type Cell } from "./screen";

const COLOURS = ["text-soft", "text-bad", "text-good", "text-fair", "text-accent", "text-accent", "text-good", "text-ink"];
const MOST_PASTED = 10_000;

export function Terminal({ id }: { id: string }) {
  const [round, setRound] = useState(0);
  const { screen, state, send } = useShell(id, round);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { if (box.current) box.current.scrollTop = box.current.scrollHeight; }, [screen]);
  const pressed = (event: KeyboardEvent) => {
    const sent = event.nativeEvent.isComposing ? null : sentBy(event);
    if (sent === null) return;
    event.preventDefault();
    event.stopPropagation();
    send(sent);
  };
  const pasted = (event: ClipboardEvent) => {
    event.preventDefault();
    send(event.clipboardData.getData("text/plain").slice(0, MOST_PASTED).replaceAll(/\r?\n/g, "\r"));
  };
  const last = screen.lines.length - 1;
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <p className="flex flex-wrap items-center gap-2 border-b border-line bg-paper px-3 py-1.5 text-sm text-soft">
        <span className="min-w-0 flex-1">For looking and trying: files that you change here are not kept. Change them under Code. Shift Tab leaves the terminal.</span>
        {state === "ended" ? <Button small onClick={() => setRound(round + 1)}>Open a new one</Button> : <span role="status">{state === "opening" ? "Opening…" : ""}</span>}
      </p>
      <div ref={box} tabIndex={0} role="textbox" aria-multiline aria-label="Terminal" onKeyDown={pressed} onPaste={pasted} spellCheck={false}
        className="min-h-0 overflow-auto bg-paper p-3 font-mono text-xs focus-visible:-outline-offset-2">
        {screen.lines.map((line, index) => <Row key={index} line={line} cursor={index === last && state === "open" ? screen.at : null} />)}
      </div>
    </div>
  );
}

function Row({ line, cursor }: { line: Cell[]; cursor: number | null }) {
  if (cursor === null) return <div className="min-h-4.5 whitespace-pre-wrap wrap-anywhere">{pieces(line).map(drawn)}</div>;
  const under = line[cursor]?.text ?? " ";
  return (
    <div className="min-h-4.5 whitespace-pre-wrap wrap-anywhere">
      {pieces(line.slice(0, cursor)).map(drawn)}
      <span className="bg-accent text-accent-ink">{under}</span>
      {pieces(line.slice(cursor + 1)).map(drawn)}
    </div>
  );
}

const drawn = ({ text, style }: Cell, index: number) =>
  <span key={index} className={`${style.colour === null ? "" : COLOURS[style.colour]} ${style.isBold ? "font-bold" : ""}`}>{text}</span>;

type State = "opening" | "open" | "ended";

function useShell(id: string, round: number) {
  const [screen, setScreen] = useState(emptyScreen);
  const [state, setState] = useState<State>("opening");
  const shell = useRef<number | null>(null);
  const typing = useRef<{ waiting: string; isBusy: boolean }>({ waiting: "", isBusy: false });
  useEffect(() => {
    setScreen(emptyScreen);
    setState("opening");
    const decoder = new TextDecoder();
    const stream = new EventSource(`${projectUrl(id)}/terminal`);
    const end = () => { shell.current = null; setState("ended"); stream.close(); };
    stream.addEventListener("open", (event) => {
      if (!(event instanceof MessageEvent)) return;
      shell.current = Number(event.data);
      setState("open");
    });
    stream.addEventListener("closed", end);
    // A shell is not taken up again: another one is opened by hand.
    stream.onerror = end;
    stream.onmessage = (event: MessageEvent<string>) => {
      const bytes = Uint8Array.from(atob(event.data), (sign) => sign.charCodeAt(0));
      setScreen((before) => written(before, decoder.decode(bytes, { stream: true })));
    };
    return () => { shell.current = null; stream.close(); };
  }, [id, round]);

  // Keys go in order: what is typed while a request is under way goes with the next one.
  const send = (text: string) => {
    const line = typing.current;
    line.waiting += text;
    if (!line.isBusy) void flush();
  };
  const flush = async () => {
    const line = typing.current;
    line.isBusy = true;
    while (line.waiting && shell.current !== null) {
      const typed = line.waiting.slice(0, MOST_PASTED);
      line.waiting = line.waiting.slice(MOST_PASTED);
      await taken(api.POST("/api/projects/{project_id}/terminal/{pid}", { params: { path: { project_id: id, pid: shell.current } }, body: { typed } })).catch(() => undefined);
    }
    line.waiting = "";
    line.isBusy = false;
  };
  return { screen, state, send };
}
