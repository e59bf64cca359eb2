// What was seen of a wish: a picture for each step, and a recording to watch.

import { Play } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { isOurs } from "../../shared/api/ours";
import type { Screenshot, WishProof } from "../../shared/api/events";
import { duration } from "../../shared/run/words";
import { Button } from "../../shared/ui/button";
import { Dialog } from "../../shared/ui/dialog";

const Replay = lazy(() => import("./replay"));

export function Evidence({ proof }: { proof: WishProof }) {
  const [shown, setShown] = useState<number | "replay" | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const pictures = (proof.pictures ?? []).filter((picture) => isOurs(picture.url));
  if (!pictures.length && !isOurs(proof.replay)) return null;
  const show = (what: number | "replay") => {
    opener.current = document.activeElement as HTMLElement | null;
    setShown(what);
  };
  const close = () => {
    setShown(null);
    opener.current?.focus();
  };
  const picture = typeof shown === "number" ? pictures[shown] : undefined;
  return (
    <div className="mt-2">
      <div className="flex items-center gap-2 overflow-x-auto pb-1" role="group" aria-label="What was seen">
        {pictures.map((one, index) => <Thumbnail key={`${one.sha256}-${index}`} picture={one} number={index + 1} onClick={() => show(index)} />)}
        {isOurs(proof.replay) ? <Button small onClick={() => show("replay")}><Play size={12} aria-hidden />Watch{proof.seconds ? ` (${duration(proof.seconds)})` : ""}</Button> : null}
      </div>
      {picture && typeof shown === "number" ? (
        <Dialog title={`Step ${shown + 1} of ${pictures.length}`} onClose={close}>
          <img src={picture.url} alt={`The app at ${picture.route}`} className="mx-auto max-h-[70vh] rounded-lg border border-line" />
          <div className="mt-3 flex items-center gap-2">
            <Button small disabled={shown === 0} onClick={() => setShown(shown - 1)}>Before</Button>
            <p className="min-w-0 flex-1 truncate text-center text-sm text-soft">{picture.route}</p>
            <Button small disabled={shown === pictures.length - 1} onClick={() => setShown(shown + 1)}>Next</Button>
          </div>
        </Dialog>
      ) : null}
      {shown === "replay" && isOurs(proof.replay) ? (
        <Dialog title={proof.text} onClose={close}><Suspense fallback={<p className="p-8 text-center text-soft">Loading…</p>}><Replay url={proof.replay} /></Suspense></Dialog>
      ) : null}
    </div>
  );
}

function Thumbnail({ picture, number, onClick }: { picture: Screenshot; number: number; onClick: () => void }) {
  return (
    <button type="button" aria-label={`Step ${number}: ${picture.route}`} onClick={onClick} className="shrink-0 overflow-hidden rounded-lg border border-line hover:border-accent">
      <img src={picture.url} alt="" loading="lazy" className="h-16 w-24 object-cover object-top" />
    </button>
  );
}
