import { expect, it } from "vitest";
import { isDarkShown, themeOf } from "./colours";

it("shows what the person chose, else what the system says", () => {
  expect([isDarkShown("dark", false), isDarkShown("light", true), isDarkShown("light dark", true), isDarkShown("", false)]).toEqual([true, false, true, false]);
});

it("has a colour for each of a terminal's, that differs from the ground", () => {
  for (const isDark of [true, false]) {
    const { background, cursorAccent, ...signs } = themeOf(isDark);
    expect(cursorAccent).toBe(background);
    expect(Object.keys(signs)).toHaveLength(19);
    expect(Object.values(signs)).not.toContain(background);
    expect(Object.values(signs)).not.toContain(undefined);
  }
});
