import "@fontsource-variable/inter/wght.css";
import "@/styles/globals.css";
import "@/styles/look.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { AppProps } from "next/app";
import Head from "next/head";
import { useState } from "react";
import { Toaster } from "sonner";
import { Guard } from "@/components/frame";
import { ApiError } from "@/lib/api/http";

/** Only what may work the next time is tried again. */
function worthRetrying(count: number, error: Error): boolean {
  return count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500);
}

export default function App({ Component, pageProps }: AppProps) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 5_000, retry: worthRetrying } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
      </Head>
      <Guard>
        <Component {...pageProps} />
      </Guard>
      <Toaster
        position="bottom-right"
        style={{ fontFamily: "inherit" }}
        toastOptions={{
          className: "!rounded-xl !border-border !bg-surface !text-foreground !shadow-lg",
        }}
      />
    </QueryClientProvider>
  );
}
