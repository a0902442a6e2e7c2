import "./jitless.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/controls.css";
import "./styles/figures.css";
import { App } from "./app.tsx";
import { applyStoredTheme } from "./ui/theme.ts";

applyStoredTheme();
const root = document.querySelector("#root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
