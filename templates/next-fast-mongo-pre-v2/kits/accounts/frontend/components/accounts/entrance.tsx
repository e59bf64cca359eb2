import Head from "next/head";
import type { ReactNode } from "react";
import { ThemeToggle } from "@/components/theme";
import { app } from "@/lib/app";

/** The frame of pages that strangers see: a card in the middle, without navigation. */
export function Entrance({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center justify-center gap-6 bg-sidebar px-4 py-10">
      <Head>
        <title>{`${title} · ${app.title}`}</title>
      </Head>
      <div className="flex items-center gap-2.5">
        <span aria-hidden className="flex size-8 items-center justify-center rounded-lg bg-primary text-sm font-semibold text-primary-foreground">
          {Array.from(app.title)[0]?.toUpperCase()}
        </span>
        <span className="font-semibold">{app.title}</span>
      </div>
      <main className="w-full max-w-sm rounded-2xl border bg-surface p-6 shadow-sm">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {text && <div className="mt-1 text-sm text-muted-foreground">{text}</div>}
        <div className="mt-5">{children}</div>
      </main>
      <ThemeToggle />
    </div>
  );
}
