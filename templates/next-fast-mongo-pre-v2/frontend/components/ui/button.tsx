import type { ComponentProps } from "react";
import { cn } from "@/lib/utils";

const VARIANTS = {
  primary: "bg-primary text-primary-foreground shadow-xs hover:bg-primary/90",
  outline: "border bg-surface shadow-xs hover:bg-muted",
  ghost: "text-muted-foreground hover:bg-muted hover:text-foreground",
  danger: "bg-danger text-white shadow-xs hover:bg-danger/90 dark:text-black",
};
const SIZES = {
  md: "h-9 px-3.5",
  sm: "h-8 px-2.5 text-[13px]",
  icon: "size-8",
};

interface Look {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
}

export function buttonClass({ variant = "primary", size = "md" }: Look = {}): string {
  return cn(
    "inline-flex shrink-0 items-center justify-center gap-2 rounded-lg text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
    VARIANTS[variant],
    SIZES[size],
  );
}

/** As in HTML, it sends the form that it is in unless `type="button"` says otherwise. */
export function Button({ variant, size, className, ...props }: ComponentProps<"button"> & Look) {
  return <button className={cn(buttonClass({ variant, size }), className)} {...props} />;
}
