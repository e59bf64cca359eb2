import { expect, it } from "vitest";
import { numbered, sidesOfHash, summary } from "./lines";

it("counts lines on both sides", () => {
  const lines = numbered({ old_start: 3, new_start: 3, lines: [" a", "-b", "+c", "+d", " e"] });
  expect(lines.map((line) => [line.kind, line.old, line.new])).toEqual([
    [" ", 3, 3], ["-", 4, null], ["+", null, 4], ["+", null, 5], [" ", 5, 6],
  ]);
});

it("reads two places out of an address and nothing else", () => {
  expect(sidesOfHash("#3..now")).toEqual({ before: "3", after: "now" });
  expect(sidesOfHash("#nothing..1")).toEqual({ before: "nothing", after: "1" });
  for (const other of ["", "#3", "#3..x", "#a..b", "#now..nothing"]) expect(sidesOfHash(other)).toBeNull();
});

it("says how much changed", () => {
  expect(summary([{ added: 2, removed: 1 }])).toBe("1 file, 2 lines added, 1 removed");
});
