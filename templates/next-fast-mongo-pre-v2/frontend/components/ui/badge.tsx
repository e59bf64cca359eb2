import type { ReactNode } from "react";
import { cn } from "@/lib/utils";

const TONES = {
  neutral: "bg-muted text-foreground/80",
  primary: "bg-primary/12 text-primary",
  success: "bg-success/14 text-success",
  warning: "bg-warning/16 text-warning",
  danger: "bg-danger/12 text-danger",
  info: "bg-info/13 text-info",
};
export type Tone = keyof typeof TONES;

const WORDS: [Tone, RegExp][] = [
  ["danger", /\b(high|urgent|critical|overdue|cancell?ed|failed|rejected|blocked|lost|broken|expired)\b/i],
  ["warning", /\b(medium|pending|waiting|review|draft|paused|on hold|partial|reserved|open)\b/i],
  ["success", /\b(done|paid|completed?|active|approved|available|won|closed|resolved|finished|accepted|delivered|confirmed|ready)\b/i],
  ["info", /\b(low|in progress|doing|sent|new|started|ongoing|scheduled|planned|shipped|reading|borrowed)\b/i],
];

/** A colour for a word such as "Urgent" or "Paid". */
export function toneOf(word: string): Tone {
  return WORDS.find(([, words]) => words.test(word))?.[0] ?? "neutral";
}

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={cn("inline-flex items-center rounded-md px-2 py-0.5 text-xs font-medium", TONES[tone])}>{children}</span>
  );
}
