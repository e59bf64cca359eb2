import { expect, it } from "vitest";
import { moved } from "./order";

it("moves one message by one place, and none beyond the ends", () => {
  const list = ["a", "b", "c"];
  expect([moved(list, 2, -1), moved(list, 0, 1)]).toEqual([["a", "c", "b"], ["b", "a", "c"]]);
  expect([moved(list, 0, -1), moved(list, 2, 1), moved(list, 5, -1), moved([], 0, 1)]).toEqual([null, null, null, null]);
  expect(list).toEqual(["a", "b", "c"]);
});
