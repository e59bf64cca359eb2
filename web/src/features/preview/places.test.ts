import { expect, it } from "vitest";
import { aboutElement, addressOf, asText, isBad, newsOf, routeOf, toldBy, type PageLine } from "./places";

it("takes what was typed for a route of the app", () => {
  const typed = ["books", "/books?x=1#y", "http://other.example/a", "//evil.example/a", "javascript:alert(1)", "\\\\evil\\a", ""];
  expect(typed.map(routeOf)).toEqual(["/books", "/books?x=1#y", "/a", "/evil.example/a", "/", "/evil/a", "/"]);
});
it("never leaves the app's origin, and shows web addresses only", () => {
  expect(addressOf("http://app.localhost:8000", "/a")).toBe("http://app.localhost:8000/a");
  expect(addressOf("javascript:alert(1)", "/")).toBeNull();
  expect(addressOf("data:text/html,x", "/")).toBeNull();
  expect(addressOf("http://app", "//evil.example/")).toBeNull();
});
it("believes an app's page only where it is", () => {
  const from = "stackwright-preview";
  expect(toldBy({ from, route: "/books", canGoBack: true })).toEqual({ route: "/books", canGoBack: true, canGoForward: false });
  for (const odd of [null, 5, "x", {}, { route: "/a" }, { from, route: "javascript:x" }, { from, route: 5 }, { from, route: `/${"x".repeat(3000)}` }])
    expect(toldBy(odd)).toBeNull();
});
it("reads what a page tells of itself, bounded, and nothing else", () => {
  const from = "stackwright-preview";
  expect(newsOf({ from, kind: "log", level: "evil", text: "x".repeat(9000) })).toEqual({ kind: "log", level: "log", text: "x".repeat(2000) });
  const lines = [{ from, kind: "request", path: "/api/books", status: 500, ms: 3.4 }, { from, kind: "request", path: "/a", status: 0, ms: -5 }, { from, kind: "log", level: "warn", text: 5 }].map(newsOf) as PageLine[];
  expect(lines.map(asText)).toEqual(["500 /api/books (3 ms)", "no answer /a (0 ms)", "warn: "]);
  expect(lines.map(isBad)).toEqual([true, true, false]);
  for (const odd of [null, "x", { kind: "log" }, { from, kind: "request", path: 1 }, { from, kind: "constructor" }]) expect(newsOf(odd)).toBeNull();
  const picked = newsOf({ from, kind: "picked", text: "Save", selector: "main > `button`" });
  expect(picked?.kind === "picked" && aboutElement(picked, "/books", "page.tsx:4")).toBe("About “Save” (`main > button`, on /books, page.tsx:4): ");
});

it("believes only pictures that are PNGs of a bearable size", () => {
  const told = (data: unknown) => newsOf({ from: "stackwright-preview", kind: "picture", data });
  expect(told("data:image/png;base64,iVBORw0KGgo=")).toEqual({ kind: "picture", base64: "iVBORw0KGgo=" });
  for (const bad of ["", 7, null, "data:text/html;base64,AAAA", "data:image/png;base64,<b>", `data:image/png;base64,${"A".repeat(6_000_000)}`])
    expect(told(bad)).toEqual({ kind: "picture", base64: "" });
});
