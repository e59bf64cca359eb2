// Quiet buttons under a message's work: copy the answer, copy a link to it.

import { Check, Copy, Link2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useProjectView } from "../../shared/run/project-context";
import { IconButton } from "../../shared/ui/button";

export function TurnTools({ runId, text }: { runId: string; text: string }) {
  const id = useProjectView((view) => view.id);
  const link = () => `${location.origin}/projects/${encodeURIComponent(id)}/wishes#turn-${runId}`;
  return (
    <div className="flex gap-0.5">
      {text ? <CopyButton label="Copy the answer" value={() => text}><Copy size={14} /></CopyButton> : null}
      <CopyButton label="Copy a link to this message" value={link}><Link2 size={14} /></CopyButton>
    </div>
  );
}

function CopyButton({ label, value, children }: { label: string; value: () => string; children: ReactNode }) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(value()).catch(() => undefined);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return <IconButton label={isDone ? "Copied" : label} className="size-7" onClick={() => void copy()}>{isDone ? <Check size={14} /> : children}</IconButton>;
}
