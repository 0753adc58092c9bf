import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['src/testing/store-template.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: the embedded database and the training thread are the load, not the test files.
    maxWorkers: 2,
  },
});
