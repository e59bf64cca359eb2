// The colours of a terminal, as the console's own; xterm.js wants them computed.

import type { ITheme } from "@xterm/xterm";

const LIGHT = ["#3a3833", "#ab241d", "#156b3c", "#7d5200", "#2c3fae", "#7a2fa0", "#0b6470", "#615d56"];
const DARK = ["#6b6b76", "#ff8d85", "#5fd38d", "#f0bc4a", "#9aa2ff", "#d3a3f5", "#6fd3e0", "#d6d6dc"];
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

export function themeOf(isDark: boolean): ITheme {
  const [ground, ink, chosen] = isDark ? ["#1a1a1d", "#ececef", "#3a3f78"] : ["#ffffff", "#1c1b19", "#cfd3f7"];
  const signs = isDark ? DARK : LIGHT;
  const bright = NAMES.map((name, index) => [`bright${name[0]?.toUpperCase()}${name.slice(1)}`, signs[index]]);
  return {
    ...Object.fromEntries(NAMES.map((name, index) => [name, signs[index]])), ...Object.fromEntries(bright),
    background: ground, foreground: ink, cursor: ink, cursorAccent: ground, selectionBackground: chosen,
  };
}

// Whether dark colours are shown: what the person chose, else what the system says.
export function isDarkShown(scheme: string, systemIsDark: boolean): boolean {
  return scheme === "dark" || (scheme !== "light" && systemIsDark);
}
