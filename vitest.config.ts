import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vitest would leave one core idle.
    maxWorkers: 2,
    projects: [
      {
        // The package by its own name, from source: what docs/testing.md shows is tested without a build.
        resolve: { alias: { 'scimulate/testing': fileURLToPath(new URL('engine/testing.ts', import.meta.url)) } },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          testTimeout: 60_000,
          // Tests keep no state in modules (style of the house), so that one process can run many files: half the time is imports.
          isolate: false,
        },
      },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 60_000 } },
    ],
  },
});
