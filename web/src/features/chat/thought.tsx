import { ChevronRight } from "lucide-react";

export function Thought({ text }: { text: string }) {
  if (!text.trim()) return null;
  return (
    <details className="group text-sm text-soft">
      <summary className="inline-flex items-center gap-1 rounded-md hover:text-ink"><ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />Thoughts</summary>
      <p className="mt-1 border-l-2 border-line pl-3 whitespace-pre-wrap wrap-anywhere">{text.slice(0, 20_000)}</p>
    </details>
  );
}
