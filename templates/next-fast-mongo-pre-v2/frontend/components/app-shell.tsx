import { Home, Menu, X } from "lucide-react";
import Head from "next/head";
import Link from "next/link";
import { useRouter } from "next/router";
import { type ReactNode, useState } from "react";
import { app, navigation } from "@/lib/app";
import { look } from "@/lib/look";
import { cn } from "@/lib/utils";
import { PersonBox, useMay } from "./frame";
import { ThemeToggle } from "./theme";
import { Button } from "./ui/button";

const isOnTop = look.menu === "top";

/** The frame of every page: navigation at the side or on top, or behind a button on small screens. */
export function AppShell({ title, children }: { title?: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={cn("min-h-dvh", !isOnTop && "md:grid md:grid-cols-[15rem_minmax(0,1fr)]")}>
      <Head>
        <title>{title ? `${title} · ${app.title}` : app.title}</title>
      </Head>
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-primary px-3 py-2 text-sm text-primary-foreground focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-b bg-background/90 px-3 backdrop-blur md:hidden">
        <Button type="button" variant="ghost" size="icon" aria-label="Open navigation" aria-expanded={isOpen} onClick={() => setOpen(true)}>
          <Menu />
        </Button>
        <Link href="/" className="min-w-0 flex-1 truncate font-semibold">
          {app.title}
        </Link>
        <ThemeToggle />
      </header>
      {isOpen && (
        <button
          type="button"
          aria-label="Close navigation"
          className="fixed inset-0 z-30 bg-black/50 md:hidden"
          onClick={() => setOpen(false)}
        />
      )}
      <Sidebar isOpen={isOpen} onClose={() => setOpen(false)} />
      <main id="content" className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 md:px-10 md:py-10">
        {children}
      </main>
    </div>
  );
}

function Sidebar({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const may = useMay();
  return (
    <aside
      className={cn(
        "fixed inset-y-0 left-0 z-40 w-64 flex-col border-r bg-sidebar md:flex md:w-auto",
        isOnTop ? "md:static md:flex-row md:flex-wrap md:items-center md:border-r-0 md:border-b md:px-4" : "md:sticky md:top-0 md:h-dvh",
        isOpen ? "flex" : "hidden",
      )}
    >
      <div className="flex h-14 items-center gap-2.5 px-4">
        <span
          aria-hidden
          className="flex size-7 shrink-0 items-center justify-center rounded-lg bg-primary text-sm font-semibold text-primary-foreground"
        >
          {look.logo || Array.from(app.title)[0]?.toUpperCase()}
        </span>
        <Link href="/" className="min-w-0 flex-1 truncate text-sm font-semibold" onClick={onClose}>
          {app.title}
        </Link>
        <Button type="button" variant="ghost" size="icon" aria-label="Close navigation" className="md:hidden" onClick={onClose}>
          <X />
        </Button>
      </div>
      <nav
        aria-label="Main"
        className={cn("flex flex-1 flex-col gap-0.5 overflow-y-auto px-2.5 py-2", isOnTop && "md:flex-row md:flex-wrap md:overflow-visible")}
        onClickCapture={onClose}
      >
        <SidebarLink href="/" label="Home" icon={<Home aria-hidden />} />
        {navigation.filter(({ resource }) => may(resource, "read")).map(({ resource, icon: Icon }) => (
          <SidebarLink key={resource.slug} href={`/${resource.slug}`} label={resource.labelPlural} icon={<Icon aria-hidden />} />
        ))}
      </nav>
      <PersonBox />
      <div className={cn("flex items-center justify-between border-t px-4 py-2.5 text-xs text-muted-foreground", isOnTop && "md:border-t-0")}>
        <span>Appearance</span>
        <ThemeToggle />
      </div>
    </aside>
  );
}

function SidebarLink({ href, label, icon }: { href: string; label: string; icon: ReactNode }) {
  const { pathname } = useRouter();
  const isCurrent = href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        "flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm text-muted-foreground transition-colors hover:bg-muted hover:text-foreground [&_svg]:size-4 [&_svg]:shrink-0",
        isCurrent && "bg-muted font-medium text-foreground",
      )}
    >
      {icon}
      <span className="truncate">{label}</span>
    </Link>
  );
}

interface PageHeaderProps {
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, text, actions }: PageHeaderProps) {
  return (
    <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight break-words">{title}</h1>
        {text && <div className="mt-1 text-sm text-muted-foreground">{text}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
