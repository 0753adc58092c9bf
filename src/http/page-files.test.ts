import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { createHttpServer } from './create-http-server.ts';

const html = { accept: 'text/html,application/xhtml+xml' };

async function startWithPage() {
  const folder = await temporaryFolder();
  mkdirSync(join(folder.path, 'assets'));
  writeFileSync(join(folder.path, 'index.html'), '<!doctype html><title>The page</title>');
  writeFileSync(join(folder.path, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder.path, 'assets', 'index-abc.js'), 'start()');
  const server = await createHttpServer({
    app: createStubHttpApp(),
    access: { host: '127.0.0.1', allowedHosts: [], token: null },
    requestsPerMinute: 60_000,
    pageDir: folder.path,
    log: silentLogger,
    version: '0.0.0-test',
  });
  const get = (url: string, headers: Record<string, string> = html, method: 'GET' | 'HEAD' = 'GET') =>
    server.inject({ method, url, headers: { host: '127.0.0.1', ...headers } });
  return {
    get,
    async [Symbol.asyncDispose]() {
      await server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('every address of the page gives its index, which is asked for anew each time', async () => {
  await using page = await startWithPage();
  for (const url of ['/', '/tickets', '/tickets/t-1?team=billing', '/tickets/a%2Fb', '/no-such-page']) {
    const response = await page.get(url);
    expect([url, response.statusCode, response.body]).toEqual([url, 200, expect.stringContaining('The page')]);
    expect(response.headers['cache-control']).toBe('no-cache');
    expect(response.headers['content-security-policy']).toContain("script-src 'self'");
  }
  expect((await page.get('/tickets', html, 'HEAD')).statusCode).toBe(200);
});

test('what the build names by its content is kept for a year', async () => {
  await using page = await startWithPage();
  const response = await page.get('/assets/index-abc.js', { accept: '*/*' });
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await page.get('/icon.svg', { accept: 'image/*' })).headers['content-type']).toContain('svg');
});

test('misspelt addresses of the API, missing files and programs get a problem, not the page', async () => {
  await using page = await startWithPage();
  for (const url of ['/v1/tickts', '/v1', '/webhooks/desk', '/assets/index-old.js']) {
    const response = await page.get(url);
    expect([url, response.statusCode, response.json().code]).toEqual([url, 404, 'not-found']);
  }
  expect((await page.get('/tickets', { accept: 'application/json' })).statusCode).toBe(404);
});

test('no file outside the page can be read', async () => {
  await using page = await startWithPage();
  for (const url of ['/assets/../../package.json', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/index.html']) {
    const response = await page.get(url, { accept: '*/*' });
    expect([url, response.statusCode >= 400]).toEqual([url, true]);
  }
});
