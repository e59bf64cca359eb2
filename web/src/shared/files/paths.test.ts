import { describe, expect, it } from "vitest";
import { foldersAbove, hashOf, partialText, pathProblem, placeOfHash, rowsOf, treeOf } from "./paths";

const FILES = ["README.md", "backend/main.py", "backend/routes/todos.py", "frontend/app/page.tsx"];

describe("the tree", () => {
  it("has folders first, and shows what is in open ones", () => {
    const rows = rowsOf(treeOf(FILES), new Set(["backend"]));
    expect(rows.map((row) => [row.node.path, row.level])).toEqual([
      ["backend", 0], ["backend/routes", 1], ["backend/main.py", 1], ["frontend", 0], ["README.md", 0],
    ]);
  });
  it("opens the way to what is searched for", () => {
    const rows = rowsOf(treeOf(FILES), new Set(), "TODO");
    expect(rows.map((row) => row.node.path)).toEqual(["backend", "backend/routes", "backend/routes/todos.py"]);
  });
  it("names the folders above a file", () => {
    expect(foldersAbove("a/b/c.txt")).toEqual(["a", "a/b"]);
    expect(foldersAbove("c.txt")).toEqual([]);
  });
  it("is quick with 5,000 files", () => {
    const many = Array.from({ length: 5000 }, (_, index) => `folder${index % 50}/sub${index % 7}/file${index}.ts`);
    const started = performance.now();
    rowsOf(treeOf(many), new Set(), "file4999");
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("links", () => {
  it("lead to a file and a line", () => {
    expect(placeOfHash("#backend/main.py:12")).toEqual({ path: "backend/main.py", line: 12 });
    expect(placeOfHash("#/a%20b.txt")).toEqual({ path: "a b.txt", line: null });
    expect(placeOfHash("")).toBeNull();
    expect(placeOfHash("#%E0%A4%A")).toBeNull();
    expect(placeOfHash(hashOf("a b/[id]/c#.tsx", 3))).toEqual({ path: "a b/[id]/c#.tsx", line: 3 });
  });
});

describe("names of new files", () => {
  it("stay within the project and are not taken", () => {
    expect(pathProblem("backend/new.py", FILES)).toBe("");
    for (const bad of ["", "/x", "a/../b", "a//b", "a/"]) expect(pathProblem(bad, FILES)).not.toBe("");
    expect(pathProblem("README.md", FILES)).toContain("already");
  });
});

describe("a text that is being written", () => {
  it("is read out of unfinished JSON", () => {
    const whole = JSON.stringify({ path: "a.ts", content: 'const a = "ü\\n";\n' });
    for (let length = 0; length <= whole.length; length += 1) {
      const text = partialText(whole.slice(0, length), "content");
      if (text !== null) expect('const a = "ü\\n";\n'.startsWith(text)).toBe(true);
    }
    expect(partialText(whole, "content")).toBe('const a = "ü\\n";\n');
    expect(partialText('{"path": "a"', "content")).toBeNull();
    expect(partialText('{"content": "\\u00', "content")).toBe("");
  });
});
