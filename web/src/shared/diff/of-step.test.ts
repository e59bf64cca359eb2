import { expect, it } from "vitest";
import { diffsOf } from "./of-step";

it("shows what an edit takes out and puts in, with the lines around it", () => {
  const [diff] = diffsOf("edit_file", { path: "a.py", old_text: "a\nb\nc\nd", new_text: "a\nB\nc\nd" });
  expect(diff).toEqual({ path: "a.py", isNew: false, lines: [" a", "-b", "+B", " c", " d"], more: 0 });
  const [two] = diffsOf("smart_edit_file", { path: "a", edits: [{ old_text: "x", new_text: "" }, { old_text: "y", new_text: "y\nz" }] });
  expect(two?.lines).toEqual(["-x", " ⋯", " y", "+z"]);
});

it("shows written files as new lines, within bounds", () => {
  const [one] = diffsOf("write_file", { path: "big", content: "x\n".repeat(500) });
  expect([one?.lines.length, one?.more, one?.isNew]).toEqual([400, 100, true]);
  expect(diffsOf("batch_write_files", { files: [{ path: "a", content: "1" }, { path: 5 }, null] }).map((file) => file.path)).toEqual(["a"]);
});

it("shows nothing for other calls and for arguments of another shape", () => {
  for (const args of [{}, { path: 5 }, { edits: "x" }, { files: {} }, { path: "a" }])
    for (const tool of ["edit_file", "smart_edit_file", "batch_write_files", "run_command", "constructor"])
      expect(diffsOf(tool, args as Record<string, unknown>)).toEqual([]);
});
