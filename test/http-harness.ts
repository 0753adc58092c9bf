// The real app with the real HTTP server, on its own embedded store.
import type { App } from '../src/app.ts';
import { createApp } from '../src/app.ts';
import { silentLogger } from '../src/base/logger.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { createHttpServer } from '../src/http/create-http-server.ts';
import { createShopDir } from './cli-harness.ts';

export type TestService = AsyncDisposable & {
  readonly url: string;
  readonly app: App;
  /** Errors that were logged. */
  readonly logged: unknown[];
  /** Folder of the configuration. */
  readonly dir: string;
};

/** Serves a small shop with the embedded engine and a worker, in `dir` or in a temporary folder. */
export async function startService(
  options: {
    dir?: string;
    env?: Readonly<Record<string, string>>;
    /** The folder of the built page; none when left out. */
    pageDir?: string | null;
    /** A free one when left out. */
    port?: number;
    token?: string | null;
  } = {},
): Promise<TestService> {
  const made = options.dir === undefined ? createShopDir() : null;
  const dir = options.dir ?? made?.path ?? '';
  const logged: unknown[] = [];
  const log = { ...silentLogger, error: (facts: object, message: string) => logged.push({ ...facts, message }) };
  const config = await loadConfig({ cwd: dir, env: options.env ?? {}, overrides: { classifier: 'local' } });
  const app = await createApp({ config, onProgress: () => {}, logger: log });
  const server = await createHttpServer({
    app,
    access: { host: '127.0.0.1', allowedHosts: [], token: options.token ?? null },
    requestsPerMinute: 1_000_000,
    pageDir: options.pageDir ?? null,
    log,
    version: '0.0.0-test',
  });
  await app.startWorker();
  const url = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  app.announceUrl(url);
  return {
    url,
    dir,
    app,
    logged,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await app.close();
      made?.[Symbol.dispose]();
    },
  };
}

/** Sends a POST; a body that is a text is sent as it is, so that it may be invalid JSON. */
export function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
