import { expect, it } from "vitest";
import { filesWords, stateWords } from "./words";

it("tells how many files a version changed", () => {
  expect(filesWords({ version: 1, changed_files: 62 })).toBe("62 files · ");
  expect(filesWords({ version: 2, changed_files: 1 })).toBe("1 file changed · ");
  expect(filesWords({ version: 3, changed_files: 0 })).toBe("no file changed · ");
  expect(filesWords({ version: 3 })).toBe("");
});

it("knows no word of a state for what it does not know", () => {
  expect(stateWords("verified")).toBe("all seen working");
  expect(stateWords("from-the-future")).toBe("not checked");
});
