import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import texts from "../../../../tests/data/hostile_texts.json";
import MarkdownText from "./markdown-text";

const draw = (text: string): string => renderToStaticMarkup(<MarkdownText text={text} />);
// What Markdown may become; whatever else stands in the answer is text, and escaped.
const ALLOWED = new Set(["div", "p", "a", "span", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "hr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "sup", "section"]);

it("draws Markdown", () => {
  expect(draw("**a** [b](https://c.example) `d`")).toMatch(/<strong>a<\/strong>.*href="https:\/\/c.example\/?".*<code>d<\/code>/);
  expect(draw("| a |\n|---|\n| b |")).toContain("<td>b</td>");
});

it("makes no element out of hostile texts that could run or load something", () => {
  expect(texts.length).toBeGreaterThanOrEqual(200);
  for (const text of texts) {
    const html = draw(text);
    for (const [, name = ""] of html.matchAll(/<([a-zA-Z][\w-]*)/g)) expect(ALLOWED, `${name} out of ${text.slice(0, 80)}`).toContain(name.toLowerCase());
    for (const [, name = ""] of html.matchAll(/<[a-z][\w-]*[^>]*?\s([a-z-]+)=/gi)) expect(name, text.slice(0, 80)).not.toMatch(/^(on|src|style|srcdoc)/i);
    for (const [, href = ""] of html.matchAll(/href="([^"]*)"/g)) expect(href, text.slice(0, 80)).toMatch(/^(https?:|mailto:|#)/);
  }
}, 30_000);

it("opens links elsewhere, without telling where from", () => {
  expect(draw("[a](https://b.example)")).toContain('target="_blank" rel="noopener noreferrer nofollow"');
});
