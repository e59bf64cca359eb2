import { expect, it } from "vitest";
import { emptyTurn } from "../../shared/run/turn";
import { addLines, filtered, MAX_LINES } from "./lines";
import { platformLines } from "./platform-lines";

const line = (text: string, level: "info" | "error" = "info", service = "backend") => ({ service, level, text });

it("keeps the newest lines only", () => {
  const many = addLines([], Array.from({ length: MAX_LINES + 5 }, (_, index) => line(String(index))));
  expect(many).toHaveLength(MAX_LINES);
  expect(many[0]?.text).toBe("5");
  expect(new Set(addLines(many, [line("x")]).map((one) => one.key)).size).toBe(MAX_LINES);
});

it("filters by level, part and words", () => {
  const lines = addLines([], [line("Started"), line("Broken", "error"), line("Ready", "info", "frontend")]);
  const texts = (level: "info" | "error", source = "", words = "") => filtered(lines, { level, source, words }).map((one) => one.text);
  expect(texts("error")).toEqual(["Broken"]);
  expect(texts("info", "frontend")).toEqual(["Ready"]);
  expect(texts("info", "", "START")).toEqual(["Started"]);
});

it("tells what the platform did, failed checks as errors", () => {
  expect(platformLines(undefined)).toEqual([]);
  const turn = { ...emptyTurn("r"), checks: [{ name: "pages", state: "failed" as const, seconds: 1, detail: "404" }], problem: { message: "No model", code: "x" } };
  expect(platformLines(turn).map((one) => [one.source, one.level, one.text])).toEqual([
    ["check", "error", "Every page opens in a browser: 404"], ["platform", "error", "No model"],
  ]);
});
