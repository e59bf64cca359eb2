import { expect, it } from "vitest";
import { found } from "./commands";

const commands = ["Preview", "Wishes", "All projects", "Open “Wish list”"].map((name) => ({ name, hint: "view", run: () => undefined }));
const names = (typed: string) => found(commands, typed).map((one) => one.name);

it("finds commands by all words, beginnings first", () => {
  expect(names("wish")).toEqual(["Wishes", "Open “Wish list”"]);
  expect(names("VIEW pre")).toEqual(["Preview"]);
  expect(names("nothing like it")).toEqual([]);
  expect(names("")).toHaveLength(4);
  expect(names("project(")).toEqual([]);
});
