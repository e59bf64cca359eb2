// A message cut into phrases: each is tied to the wish that quotes it, is not understood, or neither.

import type { Wish } from "../api/events";

export type Phrase = { text: string; wish: Wish | null; isLost: boolean };
type Span = { from: number; to: number; wish: Wish | null };

export function phrasesOf(message: string, wishes: readonly Wish[], lost: readonly string[]): Phrase[] {
  const quotes = [
    ...wishes.flatMap((wish) => (wish.quotes ?? []).map((text) => ({ text, wish: wish as Wish | null }))),
    ...lost.map((text) => ({ text, wish: null })),
  ].filter(({ text }) => text !== "");
  const spans: Span[] = [];
  for (const { text, wish } of quotes.sort((a, b) => b.text.length - a.text.length)) {
    const from = freePlace(message, text, spans);
    if (from >= 0) spans.push({ from, to: from + text.length, wish });
  }
  spans.sort((a, b) => a.from - b.from);
  const phrases: Phrase[] = [];
  let at = 0;
  for (const span of spans) {
    if (span.from > at) phrases.push({ text: message.slice(at, span.from), wish: null, isLost: false });
    phrases.push({ text: message.slice(span.from, span.to), wish: span.wish, isLost: span.wish === null });
    at = span.to;
  }
  if (at < message.length) phrases.push({ text: message.slice(at), wish: null, isLost: false });
  return phrases;
}

function freePlace(message: string, text: string, taken: readonly Span[]): number {
  for (let from = message.indexOf(text); from >= 0; from = message.indexOf(text, from + 1)) {
    if (taken.every((span) => from + text.length <= span.from || from >= span.to)) return from;
  }
  return -1;
}
