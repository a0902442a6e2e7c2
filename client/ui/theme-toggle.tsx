import { useState } from "react";
import type { ReactNode } from "react";
import { chooseTheme, nextTheme, storedTheme } from "./theme.ts";
import type { Theme } from "./theme.ts";

const NAMES: Record<Theme, string> = { system: "Auto", light: "Light", dark: "Dark" };

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
      <span className="visually-hidden">Theme: </span>
      {NAMES[theme]}
    </button>
  );
}
