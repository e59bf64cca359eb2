import { Ban, Check, Circle, CircleDashed, Eye, LoaderCircle, Minus, X } from "lucide-react";

const MARKS = {
  done: [Check, "text-good"], proven: [Check, "text-good"],
  failed: [X, "text-bad"], failing: [X, "text-bad"], refused: [X, "text-fair"],
  active: [LoaderCircle, "text-accent spin"],
  cancelled: [Minus, "text-soft"], pending: [Circle, "text-strong"], open: [CircleDashed, "text-soft"],
  yours_to_judge: [Eye, "text-fair"], not_built: [Ban, "text-fair"],
} as const;

export type MarkState = keyof typeof MARKS;

// The sign of a state. Words beside it say the same.
export function Mark({ state, size = 16 }: { state: MarkState; size?: number }) {
  const [Icon, colour] = MARKS[state];
  return <Icon aria-hidden size={size} strokeWidth={2.25} className={`shrink-0 ${colour}`} />;
}
