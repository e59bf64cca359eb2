import { Check, ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/utils";

const BOX =
  "w-full rounded-lg border bg-surface px-3 text-sm shadow-xs transition-colors placeholder:text-muted-foreground/70 hover:border-muted-foreground/40 focus-visible:border-primary focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-primary/40 disabled:opacity-50 aria-invalid:border-danger aria-invalid:outline-danger/40";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(BOX, "h-9", className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn(BOX, "min-h-24 py-2", className)} {...props} />;
}

export function Select({ className, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative block", className)}>
      <select className={cn(BOX, "h-9 appearance-none truncate pr-8")} {...props} />
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2.5 right-2.5 size-4 text-muted-foreground" />
    </span>
  );
}

export function Checkbox({ className, round = false, ...props }: ComponentProps<"input"> & { round?: boolean }) {
  return (
    <span className={cn("relative inline-flex size-5 shrink-0", className)}>
      <input
        type="checkbox"
        className={cn(
          "peer size-5 appearance-none border-[1.5px] border-muted-foreground/50 bg-surface transition-colors checked:border-primary checked:bg-primary hover:border-primary disabled:opacity-50",
          round ? "rounded-full" : "rounded-md",
        )}
        {...props}
      />
      <Check
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute inset-1 size-3 text-primary-foreground opacity-0 transition-opacity peer-checked:opacity-100"
      />
    </span>
  );
}
