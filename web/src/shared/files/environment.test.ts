import { expect, it } from "vitest";
import { namesIn } from "./environment";

it("finds the names that an example of an environment sets, also those behind a comment sign", () => {
  expect(namesIn("A_KEY=\n# B_KEY=x\nexport C1=1\nA_KEY=2\nno=1\n# Say x=1\n<script>=1")).toEqual(["A_KEY", "B_KEY", "C1"]);
});
