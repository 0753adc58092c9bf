import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['src/testing/store-template.ts', 'src/testing/shop-folder.ts'],
    // Files share the modules of their worker: half the time went into loading them anew for each file.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // As long as a browser may take for one thing: a machine with much to do needs more than the second that is usual.
    expect: { poll: { timeout: 20_000 } },
    // Threads and processes that tests start keep compiled code here: each would take the types out of its sources otherwise.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'switchboard-tests') },
    // Two cores: the embedded database and the training are the load, not the test files.
    maxWorkers: 2,
  },
});
