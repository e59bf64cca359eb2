import { Wallet } from "lucide-react";
import type { Budget } from "../../shared/run/turn";

export function BudgetCard({ budget }: { budget: Budget }) {
  const share = budget.limit > 0 ? Math.min(100, (100 * budget.spent) / budget.limit) : 0;
  return (
    <section aria-label="Budget" className="rounded-xl border border-line bg-fair-tint p-3 text-sm text-fair">
      <p className="flex items-start gap-2 wrap-anywhere"><Wallet size={14} aria-hidden className="mt-0.5 shrink-0" />{budget.message}</p>
      {budget.limit > 0 ? (
        <div role="meter" aria-label="Spent" aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100} className="mt-2 h-1.5 overflow-hidden rounded-full bg-line">
          <div className="h-full rounded-full bg-fair" style={{ width: `${share}%` }} />
        </div>
      ) : null}
    </section>
  );
}
