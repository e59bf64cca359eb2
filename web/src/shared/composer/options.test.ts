import { expect, it } from "vitest";
import { optionsOf } from "./options";

const described = (properties: object) => ({ components: { schemas: { ChatRequest: { properties } } } });

it("offers what the platform's API describes, and nothing else", () => {
  expect(optionsOf(described({ mode: { enum: ["build", "plan", "ask"] } })).modes).toEqual(["build", "plan", "ask"]);
  expect(optionsOf(described({ mode: { anyOf: [{ enum: ["build"] }, { type: "null" }] } })).modes).toEqual(["build"]);
  for (const nothing of [null, 5, {}, described({}), described({ mode: { enum: "x" } })])
    expect(optionsOf(nothing)).toEqual({ modes: [] });
});
