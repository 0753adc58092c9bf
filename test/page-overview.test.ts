// The overview in a browser, beside the real server.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postJson } from './http-harness.ts';
import { chromiumPath, expectNoBarriers, type PageTest, startPageTest } from './page-harness.ts';

const bodies = [
  'I was charged twice and want my money back.',
  'Where is my parcel? It should be here since Monday.',
  'I have forgotten my password and cannot sign in.',
];

describe.skipIf(chromiumPath === undefined)('the overview', () => {
  let shop: PageTest;
  beforeAll(async () => {
    shop = await startPageTest();
  }, 120_000);
  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
  });

  test('says that nothing came in yet, and what to do', async () => {
    await using visit = await shop.open('/overview');
    await visit.page.getByText('No tickets in this time').waitFor();
    await expectNoBarriers(visit.page);
    expect(visit.errors).toEqual([]);
  });

  test('shows figures and charts, each with a table and the tickets behind it', async () => {
    for (const [n, body] of bodies.entries()) {
      const response = await postJson(`${shop.service.url}/v1/tickets?wait=30s`, { id: `t-${n}`, body });
      expect(response.status).toBe(200);
    }
    await postJson(`${shop.service.url}/v1/tickets?wait=30s`, { id: 'auto', body: 'I am away.', automatic: true });
    const { ok } = await postJson(`${shop.service.url}/v1/tickets/auto/feedback`, { intent: 'returns' });
    expect(ok).toBe(true);
    await using visit = await shop.open('/overview?range=week');
    const { page } = visit;
    const chart = page.getByRole('region', { name: 'Tickets an hour' });
    await chart.locator('svg .recharts-bar-rectangle').first().waitFor({ state: 'attached' });
    await chart.getByText('As a table').click();
    await expect.poll(() => chart.getByRole('row').count()).toBe(7 * 24 + 1);
    await expectNoBarriers(page);

    // No filter of the list finds what was corrected from no intent.
    await page.getByText('No intent', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'No intent' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Embedded engine' }).click();
    await page.waitForURL(/\/tickets\?.*stage=local/);
    await expect
      .poll(() => page.getByRole('list', { name: 'Tickets, newest first' }).getByRole('listitem').count())
      .toBe(bodies.length);
    expect(visit.errors).toEqual([]);
  }, 90_000);

  test.each([
    { width: 400, colorScheme: 'dark' },
    { width: 1_900, colorScheme: 'light' },
  ] as const)('fits $width pixels, $colorScheme, in German', async (look) => {
    await using visit = await shop.open('/overview', { ...look, locale: 'de-DE' });
    await visit.page.getByRole('heading', { name: 'Überblick' }).waitFor();
    await expectNoBarriers(visit.page);
    expect(await visit.page.evaluate('document.documentElement.scrollWidth')).toBe(look.width);
  });
});
