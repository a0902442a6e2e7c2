import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

/** Signs tokens in tests of the `worker` project only. */
const TEST_JWT_SECRET = "a-secret-for-tests-of-at-least-32-bytes";

// Else each worker project asks the internet for a sample of `Request.cf`.
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: [
            "core/**/*.test.ts",
            "worker/**/*.test.ts",
            "scripts/**/*.test.ts",
            "tests/{,bench/,chaos/}*.test.ts",
          ],
          exclude: ["**/*.{worker,chaos}.test.ts", "**/node_modules/**"],
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                ENVIRONMENT: "development",
                JWT_SECRET: TEST_JWT_SECRET,
                JURISDICTIONS: "off",
                TEST_MIGRATIONS: await readD1Migrations("migrations"),
                CHAOS: process.env["CHAOS"] ?? "",
              },
            },
          })),
        ],
        test: {
          name: "worker",
          include: ["worker/**/*.worker.test.ts", "tests/chaos/*.worker.test.ts"],
          setupFiles: ["tests/worker-setup.ts"],
        },
      },
      {
        test: {
          name: "client",
          environment: "happy-dom",
          include: ["client/**/*.test.{ts,tsx}"],
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/e2e/support/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          // Short unless CHAOS=whole, as `npm run test:chaos` sets it.
          name: "chaos",
          environment: "node",
          include: ["tests/chaos/**/*.chaos.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
