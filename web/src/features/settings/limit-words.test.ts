import { expect, it } from "vitest";
import { shownAmount, usedOf } from "./limit-words";

it("measures a project's and a day's limit by what was spent, and no others", () => {
  const project = { usd: 2, tokens: 900 };
  const today = { usd: 1, tokens: 50 };
  expect(usedOf("project_usd", project, today)).toBe(2);
  expect(usedOf("day_tokens", project, today)).toBe(50);
  expect(usedOf("run_usd", project, today)).toBeNull();
  expect(usedOf("day_usd", project, undefined)).toBeNull();
  expect([shownAmount(1.5, "usd"), shownAmount(12000, "tokens")]).toEqual(["$1.50", "12,000 tokens"]);
});
