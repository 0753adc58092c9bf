// The file of a page that is missing, in a real browser.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, type PageTest, startPageTest } from './page-harness.ts';

describe.skipIf(chromiumPath === undefined)('files of pages in a browser (TEST_CHROMIUM)', () => {
  let site: PageTest;
  beforeAll(async () => {
    site = await startPageTest();
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  test.each([
    ['js', 'the server is away', { abort: true }],
    ['css', 'a newer server has others', { abort: false }],
  ])('a page whose %s is missing because %s is loaded once the server answers', async (kind, _, { abort }) => {
    await using visit = await site.open('/taxonomy');
    const { page } = visit;
    await page.getByRole('heading', { level: 1, name: 'Taxonomy' }).waitFor();
    const files = `**/assets/*.${kind}`;
    await page.route(files, (route) => (abort ? route.abort() : route.fulfill({ status: 404, body: '' })));
    if (abort) await page.route('**/healthz', (route) => route.abort());
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('it has a newer version').waitFor();
    await page.unroute(files);
    await page.unroute('**/healthz');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/overview');
  });
});
