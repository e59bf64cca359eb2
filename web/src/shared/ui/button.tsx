import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";

const LOOKS = {
  primary: "bg-accent text-accent-ink hover:opacity-90",
  plain: "border border-line bg-paper hover:bg-hover",
  quiet: "text-soft hover:bg-hover hover:text-ink",
  danger: "border border-line bg-paper text-bad hover:bg-bad-tint",
} as const;

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { look?: keyof typeof LOOKS; small?: boolean; ref?: Ref<HTMLButtonElement> };

export function Button({ look = "plain", small = false, className = "", ...rest }: Props) {
  const size = small ? "h-7 px-2 text-sm" : "h-9 px-3 text-base";
  return (
    <button type="button" {...rest}
      className={`inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg font-medium whitespace-nowrap transition-colors disabled:opacity-50 ${size} ${LOOKS[look]} ${className}`} />
  );
}

// A button that shows only an icon; `label` is read out and shown as a hint.
export function IconButton({ label, children, className = "", ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { label: string; children: ReactNode }) {
  return (
    <button type="button" {...rest} aria-label={label} title={label}
      className={`inline-grid size-8 shrink-0 place-items-center rounded-lg text-soft transition-colors hover:bg-hover hover:text-ink disabled:opacity-40 disabled:hover:bg-transparent ${className}`}>
      {children}
    </button>
  );
}
