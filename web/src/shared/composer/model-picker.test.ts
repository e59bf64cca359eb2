import { expect, it } from "vitest";
import { hintOf } from "./model-picker";

it("says what a model lacks, else what speaks for it", () => {
  const missing = { name: "openai:x", title: "openai:x", is_usable: false, missing: "it needs a key. Set OPENAI_API_KEY." };
  expect(hintOf(missing, "offline")).toBe("It needs a key. Set OPENAI_API_KEY.");
  const offline = { name: "offline", title: "Offline builder", is_usable: true, missing: "" };
  expect(hintOf(offline, "offline")).toBe("Used unless you choose. Free, without internet; for apps that keep records.");
  expect(hintOf({ ...offline, name: "claude" }, "offline")).toBe("");
});
