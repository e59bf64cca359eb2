// One message and the work on it, in the order in which it happened.

import { Bell } from "lucide-react";
import { memo, useState } from "react";
import { askToNotify, mayAsk } from "../../shared/run/notify";
import { Button } from "../../shared/ui/button";
import { isOver, type Item, type Turn } from "../../shared/run/turn";
import { now, rung } from "../../shared/run/words";
import { Markdown } from "../../shared/ui/markdown";
import { BudgetCard } from "./budget-card";
import { Checks } from "./checks";
import { Message } from "./message";
import { Plan } from "./plan";
import { ProposalCard } from "./proposal-card";
import { QuestionForm } from "./question-form";
import { Result } from "./result";
import { StepCard } from "./step-card";
import { Thought } from "./thought";
import { TurnTools } from "./turn-tools";
import { WishesCard } from "./wishes-card";

const QUIET = new Set(["set_wishes", "change_wish", "update_plan"]);

export const TurnView = memo(function TurnView({ turn, isLast = false }: { turn: Turn; isLast?: boolean }) {
  const live = !isOver(turn);
  const help = rung(turn);
  return (
    <article className="space-y-4">
      <Message text={turn.message} attachments={turn.attachments} />
      <WishesCard turn={turn} />
      <Plan steps={turn.plan} />
      <Work items={turn.items} passed={turn.passed} isLive={live} />
      {live ? <Live text={now(turn)} help={help} isWaiting={turn.status === "waiting_input"} /> : null}
      <Checks checks={turn.checks} isLive={live} />
      {turn.proposal ? <ProposalCard plan={turn.proposal} isLast={isLast && !live} /> : null}
      {turn.budget && live ? <BudgetCard budget={turn.budget} /> : null}
      {turn.question && turn.status === "waiting_input" ? <QuestionForm runId={turn.runId} question={turn.question} /> : null}
      {live ? null : <><Result turn={turn} isLast={isLast} /><TurnTools runId={turn.runId} text={answerOf(turn.items)} /></>}
    </article>
  );
});

function Live({ text, help, isWaiting }: { text: string; help: string; isWaiting: boolean }) {
  return (
    <div className="text-sm">
      <p className="flex min-w-0 items-center gap-2 text-soft">
        <span aria-hidden className={`size-2 shrink-0 rounded-full bg-accent ${isWaiting ? "" : "breathe"}`} />
        <span className="truncate">{text}{isWaiting ? "" : "…"}</span>
      </p>
      {help ? <p className="mt-1 pl-4 text-soft">{help}</p> : null}
      <TellMe />
    </div>
  );
}

// Offered once; what the browser remembers is not asked again.
function TellMe() {
  const [isOffered, setOffered] = useState(mayAsk);
  if (!isOffered) return null;
  return <Button small look="quiet" className="mt-1 ml-2" onClick={() => void askToNotify().then(() => setOffered(false))}><Bell size={13} aria-hidden />Tell me when it is done</Button>;
}

const answerOf = (items: readonly Item[]): string => {
  const last = items.findLast((item) => item.kind === "said");
  return last?.kind === "said" ? last.text : "";
};

// Steps that follow each other share one list; text stands between the lists.
function Work({ items, passed, isLive }: { items: readonly Item[]; passed: number; isLive: boolean }) {
  let at = 0;
  return (
    <>
      {grouped(items).map((group) => {
        while (items[at] !== group[0]) at += 1;
        // Named by its place in the whole, which stays when older items are not kept any more.
        return <Group key={passed + at} group={group} isOpen={isLive} />;
      })}
    </>
  );
}

function Group({ group, isOpen }: { group: Item[]; isOpen: boolean }) {
  const [first] = group;
  if (!first) return null;
  switch (first.kind) {
    case "said": return <Markdown text={first.text} />;
    case "thought": return <Thought text={first.text} />;
    case "person": return <Message text={first.text} attachments={first.attachments} />;
    case "notice": return <p className={`text-sm ${first.tone === "fair" ? "text-fair" : "text-soft"}`}>{first.text}</p>;
    case "step": return (
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-paper">
        {group.map((step) => (step.kind === "step" ? <StepCard key={step.id} step={step} isLive={isOpen} /> : null))}
      </ul>
    );
  }
}

export function grouped(items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (const item of items) {
    if (item.kind === "step" && QUIET.has(item.tool) && item.state === "done") continue;
    const last = groups.at(-1);
    if (item.kind === "step" && last?.[0]?.kind === "step") last.push(item);
    else groups.push([item]);
  }
  return groups;
}
