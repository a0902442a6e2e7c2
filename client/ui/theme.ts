/** What the person chose; `system` follows the device. */
export type Theme = "system" | "light" | "dark";

const STORAGE_KEY = "flightdeck.theme";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function storedTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(STORAGE_KEY)) ?? "system";
  } catch {
    return "system"; // Storage may be forbidden; the device's wish is good enough.
  }
}

/** Shows a theme and remembers it for the next visit. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Then it lasts as long as the page.
  }
  show(theme);
}

export function applyStoredTheme(): void {
  show(storedTheme());
}

export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
}

function show(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
