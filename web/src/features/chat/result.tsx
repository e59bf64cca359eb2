// How the work on a message ended: what was seen, what it cost, and what one can do now.

import { CircleAlert, CircleCheck, CircleSlash, MessageCircle } from "lucide-react";
import { useProject, useProjectView } from "../../shared/run/project-context";
import { liveTurn } from "../../shared/run/project-store";
import type { Turn } from "../../shared/run/turn";
import { dollars, duration } from "../../shared/run/words";
import { Button } from "../../shared/ui/button";
import { PLANNED, verdictOf, type Tone } from "../../shared/run/verdicts";

const ICONS = { good: CircleCheck, fair: CircleAlert, bad: CircleSlash, calm: MessageCircle };
const TONES: Record<Tone, string> = { good: "text-good", fair: "text-fair", bad: "text-bad", calm: "text-soft" };

export function Result({ turn, isLast }: { turn: Turn; isLast: boolean }) {
  const { tone, title, text } = turn.proposal && turn.status === "answered" ? PLANNED : verdictOf(turn.status, turn.report);
  const Icon = ICONS[tone];
  const sentence = turn.problem?.message ?? (turn.report?.status === turn.status ? turn.report.sentence ?? "" : "");
  const regressions = turn.report?.regressions ?? [];
  return (
    <section aria-label="Result" className="rounded-xl border border-line bg-paper p-3">
      <h3 className={`flex items-center gap-2 font-semibold ${TONES[tone]}`}><Icon size={16} aria-hidden className="shrink-0" />{title}</h3>
      {sentence || text ? <p className="mt-1 wrap-anywhere">{[sentence, text].filter(Boolean).join(" ")}</p> : null}
      {regressions.length ? (
        <div className="mt-2 text-sm">
          <p className="text-bad">This worked before:</p>
          <ul className="list-disc pl-5">{regressions.map((one) => <li key={one.wish_id} className="wrap-anywhere">{one.text}{one.reason ? <span className="block text-soft">{one.reason.slice(0, 400)}</span> : null}</li>)}</ul>
        </div>
      ) : null}
      {turn.report?.weakened?.length ? <p className="mt-2 text-sm text-fair wrap-anywhere">Tests that say less than before: {turn.report.weakened.join(", ")}</p> : null}
      {turn.report?.machine?.too_slow?.length ? <p className="mt-2 text-sm text-soft">This machine was too busy for some checks; that is no fault of the app.</p> : null}
      <Facts turn={turn} />
      {isLast ? <Actions turn={turn} /> : null}
    </section>
  );
}

function Facts({ turn }: { turn: Turn }) {
  const seconds = turn.startedAt && turn.endedAt ? (Date.parse(turn.endedAt) - Date.parse(turn.startedAt)) / 1000 : null;
  const files = Object.keys(turn.files).length;
  const cost = turn.costUsd > 0 ? `${dollars(turn.costUsd)}${turn.repairUsd > 0 ? `, of it ${dollars(turn.repairUsd)} for repairs` : ""}` : "";
  const facts = [
    seconds !== null && seconds >= 0.5 ? duration(seconds) : "",
    files ? `${files} ${files === 1 ? "file" : "files"} changed` : "",
    turn.version ? `version ${turn.version}` : "",
    cost,
    turn.unpricedCalls && turn.tokens ? `${turn.tokens.toLocaleString("en")} tokens, price unknown` : "",
  ].filter(Boolean);
  return facts.length ? <p className="mt-2 text-xs text-soft">{facts.join(" · ")}</p> : null;
}

function Actions({ turn }: { turn: Turn }) {
  const store = useProject();
  const isBusy = useProjectView((view) => liveTurn(view) !== undefined || view.sending !== null);
  const say = (message: string) => void store.send({ message, attachments: [] });
  const hasWork = turn.report !== null || turn.version !== null;
  const buttons = [
    turn.mayContinue ? <Button key="go" small look="primary" disabled={isBusy} onClick={() => say("Continue")}>Continue</Button> : null,
    (turn.status === "failed" || turn.status === "cancelled") && turn.message
      ? <Button key="retry" small disabled={isBusy} onClick={() => say(turn.message)}>Try again</Button> : null,
    turn.status === "partly" || turn.status === "unverified"
      ? <Button key="repair" small disabled={isBusy} onClick={() => say("Repair what does not work yet")}>Repair it</Button> : null,
    hasWork ? <Button key="check" small look="quiet" disabled={isBusy} onClick={() => void store.checkAgain()}>Check again</Button> : null,
  ].filter(Boolean);
  return buttons.length ? <div className="mt-2 flex flex-wrap gap-2">{buttons}</div> : null;
}
