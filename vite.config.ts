import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const worker = process.env["FLIGHTDECK_WORKER"] ?? "http://127.0.0.1:8787";
/** The paths of `run_worker_first` in wrangler.toml. */
const WORKER_PATHS = ["/v1", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"];

export default defineConfig({
  root: "client",
  plugins: [react()],
  build: { outDir: "../dist/client", emptyOutDir: true, target: "es2023" },
  server: {
    // The worker compares Origin with its own address, so the proxy presents itself under that address.
    proxy: Object.fromEntries(
      WORKER_PATHS.map((path) => [path, { target: worker, ws: true, changeOrigin: true, headers: { origin: worker } }]),
    ),
  },
});
