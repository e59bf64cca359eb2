import { useEffect, useRef } from "react";
import { AppFrame } from "../../shared/ui/app-frame";
import { newsOf, toldBy, type PageLine, type Picked, type Picture, type Told } from "./places";

export const SIZES = { full: null, tablet: [768, 1024], phone: [390, 844] } as const;
export type Size = keyof typeof SIZES;

export type Order = "back" | "forward" | "pick" | "unpick" | "picture";
export type Going = { go: Order; count: number } | null;
type Props = { address: string; size: Size; isTurned: boolean; going: Going; onTold: (told: Told) => void; onNews: (news: PageLine | Picked | Picture) => void };

export function Frame({ address, size, isTurned, going, onTold, onNews }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const origin = new URL(address).origin;
  useEffect(() => {
    const heard = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || event.origin !== origin) return;
      const told = toldBy(event.data);
      if (told) onTold(told);
      const news = told ? null : newsOf(event.data);
      if (news) onNews(news);
    };
    window.addEventListener("message", heard);
    return () => window.removeEventListener("message", heard);
  }, [origin, onTold, onNews]);
  useEffect(() => {
    if (going) frame.current?.contentWindow?.postMessage({ to: "stackwright-preview", go: going.go }, origin);
    // Once for each press of a button.
  }, [going, origin]);
  const chosen = SIZES[size];
  const [width, height] = chosen === null ? [undefined, undefined] : isTurned ? [chosen[1], chosen[0]] : chosen;
  // One tree for all sizes: another one would load the app anew.
  return (
    <div className={chosen ? "overflow-auto p-4" : "min-h-0"} tabIndex={chosen ? 0 : undefined} role={chosen ? "region" : undefined} aria-label={chosen ? "The app at another size" : undefined}>
      <div className={chosen ? "mx-auto overflow-hidden rounded-2xl border border-line shadow-float" : "size-full"} style={{ width, height }}>
        <AppFrame ref={frame} address={address} title="Your app" />
      </div>
    </div>
  );
}
