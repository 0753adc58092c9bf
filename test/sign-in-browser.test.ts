// A server that needs a token, as a person sees it in a real browser.
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../src/base/logger.ts';
import { createHttpServer } from '../src/http/create-http-server.ts';
import { createStubHttpApp } from '../src/testing/stub-http-app.ts';

const executablePath = process.env.TEST_CHROMIUM;
const token = 'a-token-of-this-test';

if (executablePath === undefined) test.skip('needs TEST_CHROMIUM', () => {});
else {
  let browser: Browser;
  let url: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const server = await createHttpServer({
      app: createStubHttpApp(),
      access: { host: '127.0.0.1', allowedHosts: [], token },
      requestsPerMinute: 60_000,
      log: silentLogger,
      version: '0.0.0-test',
    });
    url = await server.listen({ host: '127.0.0.1', port: 0 });
    close = () => server.close();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await close?.();
  });

  test('the documentation asks for the token once, shows its routes, and is closed after signing out', async () => {
    const page = await browser.newPage();
    const failed: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    page.on('pageerror', (error) => failed.push(error.message));

    await page.goto(`${url}/docs`);
    await page.getByLabel(/token/).fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('/v1/tickets/{id}/feedback', { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/docs/);
    expect(failed).toEqual([]);

    await page.goto(`${url}/sign-in`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.goto(`${url}/docs`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.close();
  });

  test('a wrong token shows a message, and the right one then opens the requested page', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/openapi.json`);
    await page.getByLabel(/token/).fill('a-wrong-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel(/token/).fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('"openapi"').waitFor();
    expect(new URL(page.url()).pathname).toBe('/openapi.json');
    await context.close();
  });
}
