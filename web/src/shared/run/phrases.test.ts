import { expect, it } from "vitest";
import type { Wish } from "../api/events";
import { phrasesOf } from "./phrases";

const wish = (id: string, ...quotes: string[]) => ({ id, text: id, kind: "data", quotes, state: "open" }) as unknown as Wish;
const shown = (message: string, wishes: Wish[], lost: string[] = []) =>
  phrasesOf(message, wishes, lost).map(({ text, wish: tied, isLost }) => [text, tied?.id ?? (isLost ? "lost" : "")]);

it("ties each phrase to its wish and leaves the rest", () => {
  expect(shown("Books and a map of stars", [wish("w1", "Books")], ["map of stars"])).toEqual([["Books", "w1"], [" and a ", ""], ["map of stars", "lost"]]);
});
it("finds the second place when the first is taken", () => {
  expect(shown("red red", [wish("w1", "red"), wish("w2", "red")])).toEqual([["red", "w1"], [" ", ""], ["red", "w2"]]);
});
it("prefers the longer quote where two overlap", () => {
  expect(shown("due dates", [wish("w1", "due"), wish("w2", "due dates")])).toEqual([["due dates", "w2"]]);
});
it("keeps every character of the message", () => {
  const message = "Ä 🙂 books, <b>x</b>";
  expect(phrasesOf(message, [wish("w1", "🙂"), wish("w2", "gone"), wish("w3", "")], ["<b>"]).map((one) => one.text).join("")).toBe(message);
});
