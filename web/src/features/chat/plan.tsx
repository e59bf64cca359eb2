import type { PlanStep } from "../../shared/api/events";
import { Mark } from "../../shared/ui/mark";

export function Plan({ steps }: { steps: readonly PlanStep[] }) {
  if (!steps.length) return null;
  const done = steps.filter((step) => step.status === "done").length;
  return (
    <section aria-label="Plan" className="rounded-xl border border-line bg-paper p-3">
      <h3 className="mb-1.5 flex text-sm font-semibold">Plan<span className="ml-auto font-normal text-soft tabular-nums">{done} of {steps.length}</span></h3>
      <ol className="space-y-1 text-sm">
        {steps.map((step, index) => (
          <li key={index} className="flex min-w-0 items-start gap-2">
            <span className="mt-0.5"><Mark state={step.status} size={14} /></span>
            <span className={`min-w-0 wrap-anywhere ${step.status === "done" ? "text-soft" : ""}`}>{step.title}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
