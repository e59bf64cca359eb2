import { Activity } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ThemeButton } from "../shared/ui/theme-button";

export function Brand({ isSmall = false }: { isSmall?: boolean }) {
  return (
    <Link href="/" className="flex shrink-0 items-center gap-2 rounded-lg font-semibold" aria-label="Stackwright: all projects" title="All projects">
      <img src="/static/icon.svg" alt="" width={24} height={24} />
      <span className={isSmall ? "sr-only" : ""}>Stackwright</span>
    </Link>
  );
}

export function PageHeader({ children }: { children?: ReactNode }) {
  return (
    <header className="flex h-13 items-center gap-3 border-b border-line bg-paper px-4">
      <Brand />
      <div className="min-w-0 flex-1">{children}</div>
      <nav aria-label="Platform" className="flex items-center gap-1 text-sm text-soft">
        <Link href="/platform" className="flex items-center gap-1.5 rounded-lg px-2 py-1 hover:bg-hover hover:text-ink">
          <Activity size={16} aria-hidden /><span className="max-sm:sr-only">Platform</span>
        </Link>
        <a href="/docs" className="rounded-lg px-2 py-1 hover:bg-hover hover:text-ink">API</a>
        <ThemeButton />
      </nav>
    </header>
  );
}
