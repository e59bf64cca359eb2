"use client";

import Link from "next/link";
import { type SyntheticEvent, useState } from "react";
import { send } from "@/lib/send";
import type { Tool } from "@/lib/types";
import { useSend } from "@/lib/use-send";

/** What a neighbour can do with a tool now: borrow it, wait for it, or neither. */
export function LoanActions({ tool }: { tool: Tool }) {
  const { run, isSending, trouble } = useSend();
  const [days, setDays] = useState("14");
  const path = `/tools/${tool.key}`;
  const isFree = !tool.isRetired && !tool.outUntil && (tool.waiting === 0 || tool.myPlace === 1);
  const canWait = !tool.isRetired && !isFree && !tool.isMine && !tool.myPlace;

  function borrow(event: SyntheticEvent) {
    event.preventDefault();
    void run(() => send("POST", `${path}/loans`, { days: Number(days) }), `You have borrowed ${tool.name}.`);
  }

  return (
    <section aria-label="Loan">
      {isFree && (
        <form onSubmit={borrow}>
          <label>
            Days
            <input type="number" required min="1" max="28" value={days} onChange={(event) => setDays(event.target.value)} />
          </label>
          <button type="submit" className="main" disabled={isSending}>
            Borrow
          </button>
        </form>
      )}
      {tool.isMine && (
        <p>
          You have it. Return it under <Link href="/loans">My loans</Link>.
        </p>
      )}
      {canWait && (
        <button type="button" className="main" disabled={isSending} onClick={() => void run(() => send("POST", `${path}/waiting`), "You are on the waiting list.")}>
          Join the waiting list
        </button>
      )}
      {tool.myPlace && (
        <button type="button" disabled={isSending} onClick={() => void run(() => send("DELETE", `${path}/waiting`), "You do not wait any more.")}>
          Leave the waiting list
        </button>
      )}
      {trouble && <p role="alert">{trouble}</p>}
    </section>
  );
}
