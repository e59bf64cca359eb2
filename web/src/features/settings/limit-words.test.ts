import { expect, it } from "vitest";
import { limitOf, shownAmount, shownLimits, usedOf } from "./limit-words";

it("measures a project's and a day's limit by what was spent, and no others", () => {
  const project = { usd: 2, tokens: 900 };
  const today = { usd: 1, tokens: 50 };
  expect(usedOf("project_usd", project, today)).toBe(2);
  expect(usedOf("day_tokens", project, today)).toBe(50);
  expect(usedOf("run_usd", project, today)).toBeNull();
  expect(usedOf("day_usd", project, undefined)).toBeNull();
  expect([shownAmount(1.5, "usd"), shownAmount(12000, "tokens")]).toEqual(["$1.50", "12,000 tokens"]);
});

it("shows the lower of two limits", () => {
  const none = { max_usd: null, max_tokens: null };
  expect(shownLimits({}, none)).toEqual([]);
  expect(shownLimits({ project_usd: 5, odd_usd: 1 }, none)).toEqual([["project_usd", 5]]);
  expect(shownLimits({ project_usd: 5, day_usd: 9 }, { max_usd: 2, max_tokens: 900 })).toEqual([["project_usd", 2], ["day_usd", 9], ["project_tokens", 900]]);
  expect(shownLimits({ project_usd: 1 }, { max_usd: 2, max_tokens: null })).toEqual([["project_usd", 1]]);
});
it("takes amounts as people write them, and says what is none", () => {
  expect(["", " 2.5 ", "$3", "1,000"].map((typed) => limitOf(typed, "usd"))).toEqual([null, 2.5, 3, 1000].map((most) => ({ most, problem: "" })));
  expect(limitOf("1 500 000", "tokens").most).toBe(1_500_000);
  for (const odd of ["0", "-1", "much", "1e9", "2,5", "Infinity", "NaN", "1..2"]) {
    const told = limitOf(odd, "usd");
    expect([told.most, told.problem === ""]).toEqual([null, false]);
  }
  expect(limitOf("1.5", "tokens").problem).toContain("whole");
});
