// Text of a model, drawn as Markdown. It is hostile: no raw HTML, no pictures, only links that a person clicks.

import { memo } from "react";
import ReactMarkdown, { type Components, type Options } from "react-markdown";
import { harden } from "rehype-harden";
import remarkGfm from "remark-gfm";

const components: Components = {
  a: ({ href, children }) =>
    href && /^(https?:|mailto:)/i.test(href)
      ? <a href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a>
      : <span>{children}</span>,
  img: ({ alt }) => <span className="text-soft">[picture{alt ? `: ${alt}` : ""}]</span>,
  input: ({ checked }) => <span aria-hidden>{checked ? "☑ " : "☐ "}</span>,
};
const remarkPlugins: Options["remarkPlugins"] = [remarkGfm];
const rehypePlugins: Options["rehypePlugins"] = [[harden, { allowedLinkPrefixes: ["*"], allowedImagePrefixes: [], linkBlockPolicy: "text-only" }]];
const LONGEST = 60_000;

export default memo(function MarkdownText({ text }: { text: string }) {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n\n…` : text;
  return (
    <div className="prose">
      <ReactMarkdown remarkPlugins={remarkPlugins} rehypePlugins={rehypePlugins} components={components}>{shown}</ReactMarkdown>
    </div>
  );
});
