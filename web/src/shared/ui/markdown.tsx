import { lazy, Suspense } from "react";

const MarkdownText = lazy(() => import("./markdown-text"));

// A model's text. Until the part that draws Markdown is there, and it comes after the first paint, it stands as it is.
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap wrap-anywhere">{text.slice(0, 60_000)}</p>}>
      <MarkdownText text={text} />
    </Suspense>
  );
}
