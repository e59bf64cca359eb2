"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { startTransition, useOptimistic, useState } from "react";
import { toast } from "sonner";
import { send, sentence } from "@/lib/send";
import type { Loan } from "@/lib/types";
import { dayOf, euros } from "@/lib/words";

/** A returned tool leaves the list at once, and comes back if the server refuses. */
export function LoanList({ loans }: { loans: Loan[] }) {
  const router = useRouter();
  const [trouble, setTrouble] = useState("");
  const [shown, hide] = useOptimistic(loans, (before, gone: string) => before.filter((loan) => loan.key !== gone));

  function bringBack(loan: Loan) {
    startTransition(async () => {
      hide(loan.key);
      setTrouble("");
      try {
        await send("POST", `/loans/${loan.key}/return`);
        toast.success(`${loan.toolName} is back. You get ${euros(loan.depositCents)}.`);
        startTransition(() => router.refresh());
      } catch (error) {
        startTransition(() => setTrouble(sentence(error)));
      }
    });
  }

  return (
    <>
      {trouble && <p role="alert">{trouble}</p>}
      {shown.length === 0 && <p>No loans here.</p>}
      <ol className="loans">
        {shown.map((loan) => (
          <li key={loan.key}>
            <Link href={`/tools/${loan.toolKey}`}>{loan.toolName}</Link>
            <span>{loan.returnedOn ? `returned ${dayOf(loan.returnedOn)}` : `due ${dayOf(loan.dueOn)}`}</span>
            <span>{`Deposit ${euros(loan.depositCents)}`}</span>
            {!loan.returnedOn && (
              <button type="button" aria-label={`Return ${loan.toolName}`} onClick={() => bringBack(loan)}>
                Return
              </button>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
