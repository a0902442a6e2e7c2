import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import type { Plugin } from "vite";
import { SECURITY_HEADERS } from "./worker/adapters/http/security-headers.ts";

const worker = process.env["FLIGHTDECK_WORKER"] ?? "http://127.0.0.1:8787";
/** The paths of `run_worker_first` in wrangler.toml; those that start with ^ are patterns. */
const WORKER_PATHS = ["/v1", "^/docs(/|$)", "/openapi.json", "/healthz", "/readyz", "/metrics"];

/** The files that the page at `/docs` loads, served from our own origin. */
const REFERENCE_FILES = ["swagger-ui.css", "swagger-ui-bundle.js"];
const require = createRequire(import.meta.url);
const referenceFile = (name: string): Buffer => readFileSync(require.resolve(`swagger-ui-dist/${name}`));

/** Adds the reference page's files, and the headers that Cloudflare sends with every static file. */
function deployedFiles(): Plugin {
  return {
    name: "deployed-files",
    generateBundle() {
      const headers = Object.entries(SECURITY_HEADERS).map(([name, value]) => `  ${name}: ${value}\n`);
      this.emitFile({ type: "asset", fileName: "_headers", source: `/*\n${headers.join("")}` });
      for (const name of REFERENCE_FILES) {
        this.emitFile({ type: "asset", fileName: `docs-assets/${name}`, source: referenceFile(name) });
      }
    },
    configureServer(server) {
      for (const name of REFERENCE_FILES) {
        server.middlewares.use(`/docs-assets/${name}`, (_request, response) => {
          response.setHeader("content-type", name.endsWith(".css") ? "text/css" : "text/javascript");
          response.end(referenceFile(name));
        });
      }
    },
  };
}

export default defineConfig({
  root: "client",
  plugins: [react(), deployedFiles()],
  // One chunk on purpose: the first optimistic change needs the whole domain.
  build: { outDir: "../dist/client", emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 1_000 },
  server: {
    // The worker compares Origin with its own address, so the proxy presents itself under that address.
    proxy: Object.fromEntries(
      WORKER_PATHS.map((path) => [path, { target: worker, ws: true, changeOrigin: true, headers: { origin: worker } }]),
    ),
  },
});
