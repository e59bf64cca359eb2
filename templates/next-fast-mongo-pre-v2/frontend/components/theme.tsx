import { Moon, Sun } from "lucide-react";
import { look } from "@/lib/look";
import { Button } from "./ui/button";

/** Runs before the first paint (see pages/_document.tsx), so that no page flashes in the wrong colours. */
export const THEME_SCRIPT = `(function () {
  try {
    var saved = localStorage.getItem("theme");
    var dark = saved ? saved === "dark" : ${look.appearance === "auto" ? 'matchMedia("(prefers-color-scheme: dark)").matches' : look.appearance === "dark"};
    document.documentElement.classList.toggle("dark", dark);
  } catch (error) {}
})();`;

function toggleTheme(): void {
  const isDark = document.documentElement.classList.toggle("dark");
  localStorage.setItem("theme", isDark ? "dark" : "light");
}

export function ThemeToggle() {
  return (
    <Button type="button" variant="ghost" size="icon" aria-label="Switch between light and dark" onClick={toggleTheme}>
      <Sun className="hidden dark:block" />
      <Moon className="dark:hidden" />
    </Button>
  );
}
