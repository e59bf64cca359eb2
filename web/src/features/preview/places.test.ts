import { expect, it } from "vitest";
import { addressOf, canGo, moved, opened, placeOf, routeOf, start } from "./places";

it("goes back and forward over what was opened", () => {
  const there = opened(opened(start, "/books"), "/loans");
  const back = moved(there, -1);
  expect([placeOf(there), placeOf(back), placeOf(moved(back, 1))]).toEqual(["/loans", "/books", "/loans"]);
  expect(canGo(there, 1)).toBe(false);
  expect(moved(start, -1)).toBe(start);
  expect(opened(back, "/new").list).toEqual(["/", "/books", "/new"]);
});
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
