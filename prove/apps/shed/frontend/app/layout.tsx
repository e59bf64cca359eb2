import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { Toaster } from "sonner";
import { SignOut } from "@/components/sign-out";
import { read } from "@/lib/read";
import "./shed.css";

export const metadata: Metadata = { title: "Tool shed", icons: { icon: "/icon.svg" } };

export default async function Layout({ children }: { children: ReactNode }) {
  const { data } = await read<{ member: { name: string } | null }>("/session");
  return (
    <html lang="en">
      <body>
        <header>
          <strong>Tool shed</strong>
          {data?.member && (
            <>
              <nav aria-label="Main">
                <Link href="/">Tools</Link>
                <Link href="/loans">My loans</Link>
                <Link href="/takings">Takings</Link>
                <Link href="/import">Import</Link>
              </nav>
              <SignOut name={data.member.name} />
            </>
          )}
        </header>
        <main>{children}</main>
        <Toaster theme="system" />
      </body>
    </html>
  );
}
