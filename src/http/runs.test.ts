import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { evaluatedFolder } from '../testing/evaluated-folder.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { comparisonSchema, problemSchema, runListSchema, runSchema } from './contract.ts';
import { createHttpServer } from './create-http-server.ts';

async function serve() {
  const folder = await evaluatedFolder();
  const server = await createHttpServer({
    app: createStubHttpApp({ config: folder.config }),
    access: { host: '127.0.0.1', allowedHosts: [], token: null },
    requestsPerMinute: 1_000,
    log: silentLogger,
    version: '0.0.0-test',
  });
  return {
    folder,
    get: (url: string) => server.inject({ method: 'GET', url, headers: { host: '127.0.0.1' } }),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('lists, shows and compares runs', async () => {
  await using service = await serve();
  const first = await service.folder.run({ wrong: Array.from({ length: 12 }, (_, i) => i) });
  const second = await service.folder.run({ wrong: [] });
  const list = runListSchema.parse((await service.get('/v1/runs')).json());
  expect(list).toMatchObject({ total: 2, folder: service.folder.config.runsDir });
  const run = runSchema.parse((await service.get(`/v1/runs/${first}`)).json());
  expect(run).toMatchObject({ manifest: { id: first }, answers: 40, score: { run: first, count: 40 } });
  const comparison = (await service.get(`/v1/comparisons?first=${first}&second=${second}`)).json();
  expect(comparisonSchema.parse(comparison).verdict).toBe('second-better');
});

test('the report is a page that may have its own styles and nothing else', async () => {
  await using service = await serve();
  const id = await service.folder.run({ wrong: [1] });
  const response = await service.get(`/v1/runs/${id}/report`);
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(response.headers['content-security-policy']).toBe(
    "default-src 'none';style-src 'unsafe-inline';base-uri 'none';form-action 'none';frame-ancestors 'self';sandbox",
  );
  expect(response.body).toMatch(/^<!doctype html>/);
});

test('an id that is no id is refused, and one that does not exist is not found', async () => {
  await using service = await serve();
  await service.folder.run({ wrong: [1] });
  for (const id of ['..%2Fswitchboard.yaml', '.', '%2Fetc', 'a%00b', '-rf']) {
    const response = await service.get(`/v1/runs/${id}`);
    expect([400, 404], id).toContain(response.statusCode);
  }
  const missing = problemSchema.parse((await service.get('/v1/runs/20200101')).json());
  expect(missing).toMatchObject({ status: 404, code: 'not-found' });
  const unclear = problemSchema.parse((await service.get('/v1/comparisons?first=latest')).json());
  expect(unclear).toMatchObject({ status: 400, code: 'invalid-input' });
});
