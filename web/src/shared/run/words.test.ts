import { describe as suite, expect, it } from "vitest";
import { emptyTurn } from "./turn";
import { ago, describe, dollars, duration, now, plain, rung } from "./words";

suite("words", () => {
  it("name a step by verb and object", () => {
    expect(describe({ tool: "write_file", args: { path: "a.py" } })).toEqual({ verb: "Write", object: "a.py" });
    expect(describe({ tool: "batch_read_files", args: { paths: ["a", "b"] } }).object).toBe("2 files");
    expect(describe({ tool: "unknown_tool", args: { path: 5 } })).toEqual({ verb: "Unknown tool", object: "" });
    expect(describe({ tool: "run_command", args: { command: "x".repeat(200) } }).object).toHaveLength(70);
  });
  it("take no name for a part of the language", () => {
    for (const tool of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      expect(describe({ tool, args: {} }).object).toBe("");
      expect(typeof plain(tool)).toBe("string");
    }
  });
  it("say what happens now", () => {
    const turn = emptyTurn("r");
    expect(now(turn)).toBe("Starting");
    expect(now({ ...turn, status: "running" })).toBe("Thinking");
    expect(now({ ...turn, status: "running", phase: "frontend" })).toBe("Writing the pages");
    expect(now({ ...turn, status: "running", writing: { toolId: "1", tool: "w", path: "a.py", json: "" } })).toBe("Writing a.py");
  });
  it("tell each further try", () => {
    const turn = { ...emptyTurn("r"), status: "running" as const };
    expect(rung(turn)).toBe("");
    expect(new Set([1, 2, 3, 4].map((proofs) => rung({ ...turn, proofs }))).size).toBe(4);
  });
  it("count money and time", () => {
    expect([0, 0.001, 0.25, 12].map(dollars)).toEqual(["$0", "less than $0.01", "$0.25", "$12.00"]);
    expect([0.2, 5, 75].map(duration)).toEqual(["0.2 s", "5 s", "1 min 15 s"]);
    expect(ago("2026-01-01T00:00:00Z", Date.parse("2026-01-01T02:00:00Z"))).toBe("2 hours ago");
  });
  it("have no jargon", () => {
    const shown = ["pages", "services", "proof-environment", "wishes", "python-lint", "use", "look", "security", "speed", "dependencies"].map(plain).join(" ");
    expect(shown).not.toMatch(/\b(gate|run|sandbox|witness)\b/i);
  });
});
