import { useState } from "react";
import type { ReactNode } from "react";
import { chooseTheme, nextTheme, storedTheme } from "./theme.ts";
import type { Theme } from "./theme.ts";

const NAMES: Record<Theme, string> = { system: "auto", light: "light", dark: "dark" };

export function ThemeToggle(): ReactNode {
  const [theme, setTheme] = useState(storedTheme);
  const choose = (): void => {
    const next = nextTheme(theme);
    chooseTheme(next);
    setTheme(next);
  };
  return (
    <button
      type="button"
      className="quiet"
      data-testid="theme-toggle"
      onClick={choose}
      title="Light, dark or as the device"
    >
      Theme: {NAMES[theme]}
    </button>
  );
}
