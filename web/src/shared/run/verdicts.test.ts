import { expect, it } from "vitest";
import type { Report } from "../api/events";
import { verdictOf } from "./verdicts";

const report = (...states: string[]) => ({ status: "verified", wishes: states.map((state) => ({ state })) }) as unknown as Report;

it("says verified only where a wish was seen working", () => {
  expect(verdictOf("verified", report("proven")).title).toBe("Verified");
  expect(verdictOf("verified", report("yours_to_judge")).title).toBe("All checks passed");
  expect(verdictOf("verified", report()).title).toBe("All checks passed");
  for (const status of ["partly", "unverified", "answered", "cancelled", "failed"])
    expect(verdictOf(status, null).title).not.toMatch(/verified/i);
});
