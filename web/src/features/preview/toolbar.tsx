import { ArrowLeft, ArrowRight, Camera, ExternalLink, Monitor, Power, RotateCcw, RotateCw, Smartphone, SquareMousePointer, SquareTerminal, Tablet } from "lucide-react";
import * as ToggleGroup from "@radix-ui/react-toggle-group";
import { useEffect, useState } from "react";
import { IconButton } from "../../shared/ui/button";
import { Actors } from "./actors";
import { SIZES, type Size } from "./frame";
import { routeOf, type Told } from "./places";

const SIZE_NAMES = { full: ["Whole width", Monitor], tablet: ["Tablet", Tablet], phone: ["Phone", Smartphone] } as const;

type Props = {
  id: string; told: Told; isPicking: boolean; bad: number; isDrawn: boolean; address: string; routes: readonly string[]; size: Size; isTurned: boolean; isWaking: boolean;
  onGo: (go: "back" | "forward") => void; onOpen: (path: string) => void; onReload: () => void;
  onSize: (size: Size) => void; onTurn: () => void; onRestart: () => void;
  onPick: () => void; onPicture: () => void; onDraw: () => void; onForget: () => void; onEnter: (path: string) => void; onProblem: (sentence: string) => void;
};

export function Toolbar({ id, told, address, routes, size, isWaking, onGo, onOpen, onReload, onSize, onTurn, onRestart, isPicking, bad, isDrawn, onPick, onPicture, onDraw, onForget, onEnter, onProblem }: Props) {
  const place = told.route;
  const [typed, setTyped] = useState(place);
  useEffect(() => setTyped(place), [place]);
  return (
    <div role="toolbar" aria-label="Preview" className="flex min-w-0 items-center gap-0.5 border-b border-line bg-paper px-2 py-1 @max-xl:flex-wrap @max-xl:justify-between">
      <IconButton label="Back" disabled={!told.canGoBack} onClick={() => onGo("back")}><ArrowLeft size={16} /></IconButton>
      <IconButton label="Forward" disabled={!told.canGoForward} onClick={() => onGo("forward")}><ArrowRight size={16} /></IconButton>
      <IconButton label="Reload the app" onClick={onReload}><RotateCw size={15} /></IconButton>
      <form className="mx-1 min-w-0 flex-1 @max-xl:order-first @max-xl:mx-0 @max-xl:basis-full" onSubmit={(event) => { event.preventDefault(); onOpen(routeOf(typed)); }}>
        <input aria-label="Page of the app" list="routes" value={typed} spellCheck={false} onFocus={(event) => event.target.select()}
          onChange={(event) => { setTyped(event.target.value); if (routes.includes(event.target.value)) onOpen(event.target.value); }}
          className="h-8 w-full rounded-lg bg-sunk px-3 font-mono text-sm" />
        <datalist id="routes">{routes.map((route) => <option key={route} value={route} />)}</datalist>
      </form>
      <ToggleGroup.Root type="single" value={size} onValueChange={(value) => { if (value in SIZES) onSize(value as Size); }} aria-label="Size" className="flex @max-xl:hidden">
        {Object.entries(SIZE_NAMES).map(([name, [title, Icon]]) => (
          <ToggleGroup.Item key={name} value={name} aria-label={title} title={title} className="grid size-8 place-items-center rounded-lg text-soft hover:bg-hover data-[state=on]:text-accent"><Icon size={15} /></ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      {size === "full" ? null : <IconButton label="Turn" onClick={onTurn}><RotateCcw size={15} /></IconButton>}
      <IconButton label={isPicking ? "Stop pointing" : "Point at something in the app"} aria-pressed={isPicking} onClick={onPick} className="aria-pressed:bg-tint aria-pressed:text-accent"><SquareMousePointer size={15} /></IconButton>
      <IconButton label="Put a picture of the page into the message" onClick={onPicture}><Camera size={15} /></IconButton>
      <IconButton label={`What the page tells${bad ? `: ${bad} ${bad === 1 ? "problem" : "problems"}` : ""}`} aria-pressed={isDrawn} onClick={onDraw} className="relative aria-pressed:bg-tint aria-pressed:text-accent">
        <SquareTerminal size={15} />{bad ? <span aria-hidden className="absolute top-1 right-1 size-2 rounded-full bg-bad" /> : null}
      </IconButton>
      <Actors id={id} onStranger={onForget} onEnter={onEnter} onProblem={onProblem} />
      <IconButton label={isWaking ? "Restarting…" : "Restart the app"} disabled={isWaking} onClick={onRestart}><Power size={15} className={isWaking ? "breathe" : ""} /></IconButton>
      <a href={address} target="_blank" rel="noopener" aria-label="Open the app in a new tab" title="Open the app in a new tab" className="grid size-8 shrink-0 place-items-center rounded-lg text-soft hover:bg-hover hover:text-ink"><ExternalLink size={15} /></a>
    </div>
  );
}
