// A real server with the built page, and a real browser that looks at it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page, type Route } from 'playwright-core';
import { expect } from 'vitest';
import { findPageDir } from '../src/http/page-files.ts';
import { root } from './cli-harness.ts';
import { startService, type TestService } from './http-harness.ts';

const require = createRequire(import.meta.url);

/** Where Chromium is; the tests of the page are skipped without it. */
export const chromiumPath = process.env.TEST_CHROMIUM;

export type Visit = AsyncDisposable & {
  readonly page: Page;
  /** Errors of the page, its console and failed requests, in order. */
  readonly errors: readonly string[];
};

export type PageTest = AsyncDisposable & {
  readonly service: TestService;
  /** Opens an address of the page in a browser of its own: no cookies or settings are shared. */
  open(path: string, options?: VisitOptions): Promise<Visit>;
};

export type VisitOptions = {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  /**
   * Asked of each request to the API. It is set up before the page is loaded: a request that is made right after a browser was
   * told to stop requests may still slip by.
   */
  readonly intercept?: (route: Route) => Promise<void>;
};

/** Serves the shop with the page, built anew when its sources have changed, and starts a browser. */
export async function startPageTest(options: Parameters<typeof startService>[0] = {}): Promise<PageTest> {
  const { ensurePage } = require(join(root, 'scripts', 'ensure-page.cjs')) as { ensurePage(): boolean };
  if (!ensurePage()) throw new Error('the page could not be built');
  const service = await startService({ ...options, pageDir: findPageDir() });
  const browser = await chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  return {
    service,
    open: (path, visit) => openVisit({ browser, url: `${service.url}${path}`, ...visit }),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

async function openVisit(options: VisitOptions & { browser: Browser; url: string }): Promise<Visit> {
  const { browser, url, width = 1_400, colorScheme = 'light', locale = 'en-GB', intercept } = options;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  if (intercept !== undefined) await page.route('**/v1/**', intercept);
  await page.goto(url);
  return { page, errors, [Symbol.asyncDispose]: () => context.close() };
}

/** Where something is once it stays there: scrolling takes some frames. */
export async function restingBox(locator: Locator): ReturnType<Locator['boundingBox']> {
  await (await locator.elementHandle())?.waitForElementState('stable');
  return locator.boundingBox();
}

/** Expects that axe finds nothing serious or worse. A colour that is changing has too little contrast for a moment. */
export const expectNoBarriers = (page: Page): Promise<void> => expect.poll(() => findBarriers(page)).toEqual([]);

/** A line for each barrier: the rule, what it is about, the first elements. */
async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(require('axe-core').source as string);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 120))
          .join(' | ')}`,
    );
}

type AxeViolation = { id: string; impact: string | null; help: string; nodes: { html: string }[] };
