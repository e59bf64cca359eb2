import { ChevronRight } from "lucide-react";
import type { Check } from "../../shared/run/turn";
import { duration, plain } from "../../shared/run/words";
import { Mark } from "../../shared/ui/mark";

// What the platform looks at by itself, folded once all of it is well.
export function Checks({ checks, isLive }: { checks: readonly Check[]; isLive: boolean }) {
  if (!checks.length) return null;
  const passed = checks.filter((check) => check.state === "done").length;
  const failed = checks.filter((check) => check.state === "failed");
  return (
    <details aria-label="Checks" className="group rounded-xl border border-line bg-paper" open={isLive || failed.length > 0 || undefined}>
      <summary className="flex items-center gap-2 rounded-xl px-3 py-2 text-sm font-semibold hover:bg-hover">
        Checks<span className="ml-auto font-normal text-soft tabular-nums">{passed} of {checks.length} passed</span>
        <ChevronRight size={14} aria-hidden className="text-soft transition-transform group-open:rotate-90" />
      </summary>
      <ul className="border-t border-line px-3 py-1.5 text-sm">
        {checks.map((check) => (
          <li key={check.name} className="py-0.5">
            <div className="flex min-w-0 items-start gap-2">
              <span className="mt-0.5"><Mark state={check.state} size={14} /></span>
              <span className="min-w-0 flex-1 wrap-anywhere">{plain(check.name)}</span>
              {check.seconds !== null && check.seconds >= 0.1 ? <span className="text-xs text-soft tabular-nums">{duration(check.seconds)}</span> : null}
            </div>
            {check.detail && check.state === "failed" ? <pre tabIndex={0} className="mt-1 mb-1 ml-5.5 max-h-48 overflow-auto rounded-md bg-sunk p-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere">{check.detail.slice(0, 8000)}</pre> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}
