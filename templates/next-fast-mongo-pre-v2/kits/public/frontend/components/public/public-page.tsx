import Head from "next/head";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonClass } from "@/components/ui/button";
import { app } from "@/lib/app";

/** The frame of pages for strangers: the name, the way to the login, and nothing of the app. */
export function PublicPage({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <Head>
        <title>{title ? `${title} · ${app.title}` : app.title}</title>
      </Head>
      <header className="flex items-center justify-between gap-3 border-b px-4 py-3 sm:px-8">
        <Link href="/public" className="min-w-0 truncate font-semibold">
          {app.title}
        </Link>
        <Link href="/account/login" className={buttonClass({ variant: "outline", size: "sm" })}>
          Log in
        </Link>
      </header>
      <main className="mx-auto w-full max-w-2xl flex-1 px-4 py-12 sm:px-8">{children}</main>
    </div>
  );
}
