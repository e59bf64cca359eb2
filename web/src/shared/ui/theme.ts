// Light, dark, or as the system says. Colours follow `color-scheme` by light-dark().

export type Theme = "system" | "light" | "dark";
const KEY = "stackwright.theme";
const SCHEMES: Record<Theme, string> = { system: "light dark", light: "light", dark: "dark" };

export function storedTheme(): Theme {
  const known = localStorage.getItem(KEY);
  return known === "light" || known === "dark" ? known : "system";
}

export function applyTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = SCHEMES[theme];
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme(theme);
}
