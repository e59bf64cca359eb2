import { ChevronRight } from "lucide-react";
import { memo, useState } from "react";
import type { FileEdit, Step } from "../../shared/run/turn";
import { describe, duration } from "../../shared/run/words";
import { diffsOf } from "../../shared/diff/of-step";
import { Mark } from "../../shared/ui/mark";
import { StepDiff } from "./step-diff";

const SHOWN = 200;
const SHOWN_AS_LINES = new Set(["path", "old_text", "new_text", "edits", "content", "files"]);

export const StepCard = memo(function StepCard({ step, isLive }: { step: Step; isLive: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const { verb, object } = describe(step);
  const added = sum(step.files, "added");
  const removed = sum(step.files, "removed");
  const isActive = isLive && step.state === "active";
  return (
    <li>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)} className="group">
        <summary className="flex min-w-0 items-center gap-2 px-3 py-1.5 text-sm transition-colors hover:bg-hover focus-visible:-outline-offset-2">
          <Mark state={step.state === "active" && !isLive ? "cancelled" : step.state} size={14} />
          <span className="flex min-w-0 flex-1 gap-1.5">
            <span className="shrink-0">{verb}</span>
            <span className="truncate text-soft" title={object}>{object}</span>
          </span>
          <Counts added={added} removed={removed} files={step.files.length} />
          {step.ms !== null && step.ms >= 500 ? <span className="shrink-0 text-xs text-soft tabular-nums">{duration(step.ms / 1000)}</span> : null}
          <ChevronRight size={14} aria-hidden className="shrink-0 text-soft transition-transform group-open:rotate-90" />
        </summary>
        {isOpen ? <Details step={step} /> : isActive && step.files.length ? <Files files={step.files.slice(-4)} /> : null}
      </details>
    </li>
  );
});

function Details({ step }: { step: Step }) {
  const diffs = diffsOf(step.tool, step.args);
  const args = Object.entries(step.args).filter(([name]) => !diffs.length || !SHOWN_AS_LINES.has(name));
  return (
    <div className="space-y-2 border-t border-line bg-ground px-3 py-2 text-xs">
      {step.files.length ? <Files files={step.files} /> : null}
      {diffs.map((diff) => <StepDiff key={diff.path} diff={diff} />)}
      {args.length ? (
        <dl className="space-y-1">
          {args.slice(0, 30).map(([name, value]) => (
            <div key={name}><dt className="text-soft">{name}</dt><dd><Block text={typeof value === "string" ? value : JSON.stringify(value, null, 1)} /></dd></div>
          ))}
        </dl>
      ) : null}
      {step.output ? <div><p className="text-soft">Output</p><Block text={step.output} /></div> : null}
      {step.result && step.result !== step.output ? <div><p className="text-soft">{step.state === "refused" ? "Why it was not done" : "Result"}</p><Block text={step.result} /></div> : null}
    </div>
  );
}

const Block = ({ text }: { text: string }) => (
  <pre tabIndex={0} className="max-h-64 overflow-auto rounded-md bg-sunk p-2 font-mono whitespace-pre-wrap wrap-anywhere">{text.slice(0, 20_000)}</pre>
);

function Files({ files }: { files: readonly FileEdit[] }) {
  return (
    <ul className="px-3 pb-1.5 font-mono text-xs">
      {files.slice(0, SHOWN).map((file, index) => (
        <li key={`${file.path}-${index}`} className="flex min-w-0 gap-2">
          <span className={`min-w-0 truncate ${file.change === "deleted" ? "line-through" : ""}`} title={file.path}>{file.path}</span>
          <Counts added={file.added} removed={file.removed} />
        </li>
      ))}
      {files.length > SHOWN ? <li className="text-soft">and {files.length - SHOWN} more</li> : null}
    </ul>
  );
}

function Counts({ added, removed, files = 0 }: { added: number; removed: number; files?: number }) {
  if (!added && !removed && files < 2) return null;
  return (
    <span className="flex shrink-0 gap-1.5 font-mono text-xs tabular-nums">
      {files > 1 ? <span className="font-sans text-soft">{files} files</span> : null}
      {added ? <span className="text-good">+{added}</span> : null}
      {removed ? <span className="text-bad">−{removed}</span> : null}
    </span>
  );
}

const sum = (files: readonly FileEdit[], side: "added" | "removed"): number => files.reduce((all, file) => all + file[side], 0);
