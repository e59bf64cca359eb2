import { Head, Html, Main, NextScript } from "next/document";
import { THEME_SCRIPT } from "@/components/theme";

export default function Document() {
  return (
    <Html lang="en" className="font-sans antialiased" suppressHydrationWarning>
      <Head>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </Head>
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}
