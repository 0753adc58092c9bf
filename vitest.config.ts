import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['src/testing/store-template.ts', 'src/testing/shop-folder.ts'],
    // Files share the modules of their worker: half the time went into loading them anew for each file.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: the embedded database and the training thread are the load, not the test files.
    maxWorkers: 2,
  },
});
