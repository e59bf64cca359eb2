import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./button";
import { chooseTheme, storedTheme, type Theme } from "./theme";

const NEXT: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const ICONS = { system: Monitor, light: Sun, dark: Moon };
const NAMES = { system: "as the system", light: "light", dark: "dark" };

export function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme);
  const Icon = ICONS[theme];
  const change = () => {
    chooseTheme(NEXT[theme]);
    setTheme(NEXT[theme]);
  };
  return <IconButton label={`Colours: ${NAMES[theme]}`} onClick={change}><Icon size={16} /></IconButton>;
}
