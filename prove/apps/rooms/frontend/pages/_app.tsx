import "@/styles/house.css";
import type { AppProps } from "next/app";
import Head from "next/head";
import Link from "next/link";

export default function House({ Component, pageProps }: AppProps) {
  return (
    <>
      <Head>
        <title>Rooms</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
      </Head>
      <nav className="bar" aria-label="Main">
        <Link href="/">Usage</Link>
        <Link href="/rooms">Rooms</Link>
        <Link href="/bookings">Bookings</Link>
      </nav>
      <main>
        <Component {...pageProps} />
      </main>
    </>
  );
}
