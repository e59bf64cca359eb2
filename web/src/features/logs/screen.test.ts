import { expect, it } from "vitest";
import { emptyScreen, pieces, sentBy, written } from "./screen";

const shown = (...said: string[]) => said.reduce(written, emptyScreen).lines.map((line) => line.map((cell) => cell.text).join(""));

it("writes lines, and over the line that the cursor is in", () => {
  expect(shown("one\r\ntwo\r\n")).toEqual(["one", "two", ""]);
  expect(shown("50 %\r100 %")).toEqual(["100 %"]);
  expect(shown("ab\b\bc")).toEqual(["cb"]);
  expect(shown("a\tb")).toEqual(["a       b"]);
  expect(shown("ünï 💡")).toEqual(["ünï 💡"]);
});

it("follows a shell's editing of its line", () => {
  expect(shown("$ echo\r\x1b[2C\x1b[K")).toEqual(["$ "]);
  expect(shown("abc\x1b[2D\x1b[1P")).toEqual(["ac"]);
  expect(shown("abc\x1b[2D\x1b[2@xy")).toEqual(["axybc"]);
  expect(shown("old\r\nmore\x1b[H\x1b[2Jnew")).toEqual(["new"]);
});

it("takes colours and passes over all other sequences, however they are cut", () => {
  const screen = ["\x1b[1;3", "1mred\x1b[0m ok\x1b]0;title\x07\x1b[?2004h\x1b(B"].reduce(written, emptyScreen);
  expect(pieces(screen.lines[0] ?? [])).toEqual([
    { text: "red", style: { colour: 1, isBold: true } }, { text: " ok", style: { colour: null, isBold: false } },
  ]);
  expect(screen.rest).toBe("");
});

it("stays bounded whatever is said", () => {
  expect(written(emptyScreen, "\n".repeat(5000)).lines).toHaveLength(2000);
  expect(written(emptyScreen, "x".repeat(9000)).lines[0]).toHaveLength(4000);
  expect(written(emptyScreen, "\x1b[99999999C!").lines[0]?.length ?? 0).toBeLessThanOrEqual(4000);
  expect(written(emptyScreen, `\x1b]${"x".repeat(1000)}`).rest).toBe("");
});

it("sends keys as a terminal does, and leaves others to the browser", () => {
  const press = (key: string, more = {}) => sentBy({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more });
  expect([press("a"), press("Enter"), press("ArrowUp"), press("c", { ctrlKey: true }), press("Tab")]).toEqual(["a", "\r", "\x1b[A", "\x03", "\t"]);
  expect([press("Tab", { shiftKey: true }), press("v", { ctrlKey: true }), press("C", { ctrlKey: true, shiftKey: true }), press("k", { metaKey: true }), press("F5"), press("Shift")]).toEqual([null, null, null, null, null, null]);
});
