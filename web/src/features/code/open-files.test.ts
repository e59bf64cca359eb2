import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOpenFiles, isChanged } from "./open-files";

// A server with files that refuses what is stale or broken, as the platform does.
const stored = new Map<string, string>();
const digest = (text: string) => `sha-of-${text}`;
const problem = (status: number, body: object) => Response.json(body, { status });

async function server(address: string | URL | Request, init?: RequestInit): Promise<Response> {
  const path = decodeURIComponent(String(address).split("/files/")[1] ?? "");
  const now = stored.get(path);
  if (init?.method !== "PUT") {
    if (now === undefined) return problem(404, { code: "file_not_found", detail: "There is no such file." });
    return new Response(now, { headers: { "content-type": "text/plain", etag: `"${digest(now)}"` } });
  }
  const expected = new Headers(init.headers).get("if-match")?.replaceAll('"', "");
  if (now !== undefined && expected !== digest(now)) return problem(409, { code: "file_changed", detail: "It changed.", text: now, sha256: digest(now) });
  const text = String(init.body);
  if (text.includes("broken")) return problem(422, { code: "edit_refused", detail: "The result would not parse." });
  stored.set(path, text);
  return Response.json({ path, sha256: digest(text), size_bytes: text.length });
}

beforeEach(() => { stored.clear(); stored.set("a.py", "x = 1"); vi.stubGlobal("fetch", server); });
afterEach(() => vi.unstubAllGlobals());

const opened = async () => {
  const files = createOpenFiles("shop");
  files.open("a.py");
  await vi.waitFor(() => expect(files.store.getState().files[0]?.state).toBe("ready"));
  return { files, first: () => files.store.getState().files[0]! };
};

it("saves what the person wrote, once it differs", async () => {
  const { files, first } = await opened();
  files.edit("a.py", "x = 1");
  expect(isChanged(first())).toBe(false);
  files.edit("a.py", "x = 2");
  expect(isChanged(first())).toBe(true);
  expect(await files.save("a.py")).toBe(true);
  expect(stored.get("a.py")).toBe("x = 2");
  expect(isChanged(first())).toBe(false);
});

it("keeps the text when it is refused, and says why", async () => {
  const { files, first } = await opened();
  files.edit("a.py", "broken");
  expect(await files.save("a.py")).toBe(false);
  expect([first().draft, first().problem]).toEqual(["broken", "The result would not parse."]);
});

it("never overwrites what somebody else wrote unless the person says so", async () => {
  const { files, first } = await opened();
  files.edit("a.py", "mine");
  stored.set("a.py", "theirs");
  expect(await files.save("a.py")).toBe(false);
  expect(first().theirs).toEqual({ text: "theirs", sha256: digest("theirs") });
  await files.keepMine("a.py");
  expect(stored.get("a.py")).toBe("mine");
});

it("reads an unchanged file anew when somebody wrote it, and tells a person who changed it", async () => {
  const { files, first } = await opened();
  stored.set("a.py", "new");
  files.compare(new Map([["a.py", digest("new")]]));
  await vi.waitFor(() => expect(first().text).toBe("new"));
  files.edit("a.py", "mine");
  files.compare(new Map([["a.py", "other"]]));
  expect(first().problem).toContain("changed since");
  files.compare(new Map());
  expect(first().problem).toContain("deleted");
});

it("follows renamed and deleted files", async () => {
  const { files } = await opened();
  stored.set("b/a.py", "x = 1");
  files.moved("a.py", "b/a.py");
  expect(files.store.getState().files.map((file) => file.path)).toEqual(["b/a.py"]);
  files.deleted("b");
  expect(files.store.getState()).toMatchObject({ files: [], active: null });
});
