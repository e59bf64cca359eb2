import { expect, it } from "vitest";
import { addressOf, routeOf, toldBy } from "./places";

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
