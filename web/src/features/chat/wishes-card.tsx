// The person's message, each phrase tied to the wish that was read out of it, and the wishes with their state.

import { useState } from "react";
import type { Wish } from "../../shared/api/events";
import { phrasesOf } from "../../shared/run/phrases";
import { isOver, type Turn } from "../../shared/run/turn";
import { useSuggest } from "../../shared/run/use-suggest";
import { Button } from "../../shared/ui/button";
import { Mark } from "../../shared/ui/mark";
import { WISH_TONES, WISH_WORDS } from "../../shared/ui/wish-words";

const UNDERLINES: Record<Wish["state"], string> = {
  open: "decoration-strong", proven: "decoration-good", failing: "decoration-bad", yours_to_judge: "decoration-fair", not_built: "decoration-fair",
};

const SEEN: ReadonlySet<string> = new Set(["proven", "yours_to_judge", "failing"]);

export function WishesCard({ turn }: { turn: Turn }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const suggest = useSuggest();
  const mine = turn.wishes.filter((wish) => !wish.run_id || wish.run_id === turn.runId || quotesHere(wish, turn.message));
  if (!mine.length && !turn.notUnderstood.length) return null;
  const phrases = phrasesOf(turn.message, mine, turn.notUnderstood);
  const others = turn.wishes.length - mine.length;
  return (
    <section aria-label="Wishes" className="rounded-xl border border-line bg-paper p-3">
      <h3 className="mb-1.5 text-sm font-semibold">What you asked for</h3>
      {phrases.some((phrase) => phrase.wish || phrase.isLost) ? (
        <p className="mb-2 border-b border-line pb-2 whitespace-pre-wrap wrap-anywhere">
          {phrases.map(({ text, wish, isLost }, index) => wish ? (
            <button key={index} type="button" aria-label={`${text}: ${WISH_WORDS[wish.state]}`} onMouseEnter={() => setChosen(wish.id)} onMouseLeave={() => setChosen(null)} onFocus={() => setChosen(wish.id)} onBlur={() => setChosen(null)}
              className={`inline cursor-default rounded-sm text-left underline decoration-2 underline-offset-4 ${UNDERLINES[wish.state]} ${chosen === wish.id ? "bg-tint" : ""}`}>{text}</button>
          ) : isLost ? <mark key={index} title="not understood" className="rounded-sm bg-fair-tint text-fair underline decoration-dotted underline-offset-4">{text}</mark>
            : <span key={index}>{text}</span>)}
        </p>
      ) : null}
      <ul className="space-y-1 text-sm">
        {mine.map((wish) => (
          <li key={wish.id} className={`-mx-1.5 flex min-w-0 items-start gap-2 rounded-md px-1.5 py-0.5 ${chosen === wish.id ? "bg-tint" : ""}`}>
            <span className="mt-0.5"><Mark state={wish.state} size={14} /></span>
            <span className="min-w-0 flex-1 wrap-anywhere">{wish.text}{wish.reason && wish.state !== "proven" ? <span className="block text-soft">{wish.reason.slice(0, 600)}</span> : null}</span>
            <span className={`shrink-0 ${WISH_TONES[wish.state]}`}>{WISH_WORDS[wish.state]}</span>
            {SEEN.has(wish.state) && isOver(turn) ? <Button small look="quiet" className="-my-1" aria-label={`Not meant so? “${wish.text}”`} onClick={() => suggest(`“${wish.text}” is not what I meant: `)}>Not meant so?</Button> : null}
            {wish.state === "not_built" ? <Button small look="quiet" className="-my-1" onClick={() => suggest(wish.text)}>Reword</Button> : null}
          </li>
        ))}
        {turn.notUnderstood.map((part) => (
          <li key={part} className="flex min-w-0 items-start gap-2">
            <span className="mt-0.5"><Mark state="not_built" size={14} /></span>
            <span className="min-w-0 flex-1 wrap-anywhere">“{part}”</span>
            <span className="shrink-0 text-fair">not understood</span>
            <Button small look="quiet" className="-my-1" onClick={() => suggest(`By “${part}” I mean: `)}>Reword</Button>
          </li>
        ))}
      </ul>
      {others > 0 ? <p className="mt-2 text-xs text-soft">{others} earlier {others === 1 ? "wish is" : "wishes are"} checked again too.</p> : null}
    </section>
  );
}

const quotesHere = (wish: Wish, message: string): boolean =>
  (wish.quotes ?? []).length > 0 && (wish.quotes ?? []).every((quote) => message.includes(quote));
