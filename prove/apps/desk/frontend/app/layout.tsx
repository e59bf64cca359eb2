import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import "./desk.css";

export const metadata: Metadata = { title: "Help desk", icons: { icon: "/icon.svg" } };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <header>
          <strong>Help desk</strong>
          <nav aria-label="Main">
            <Link href="/">Tickets</Link> <Link href="/notes">My notes</Link>
          </nav>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
