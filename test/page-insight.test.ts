// The pages to try a ticket, to look at the taxonomy, at evaluations and at the set-up, beside the real server.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EvaluatedFolder, evaluatedFolder } from '../src/testing/evaluated-folder.ts';
import { postJson } from './http-harness.ts';
import { chromiumPath, expectNoBarriers, type PageTest, startPageTest } from './page-harness.ts';

describe.skipIf(chromiumPath === undefined)('pages that explain', () => {
  let shop: PageTest;
  let evaluated: EvaluatedFolder;
  let runs: { first: string; second: string };
  beforeAll(async () => {
    [shop, evaluated] = await Promise.all([startPageTest(), evaluatedFolder()]);
    const first = await evaluated.run({ wrong: Array.from({ length: 12 }, (_, i) => i) });
    const second = await evaluated.run({ wrong: [20] });
    cpSync(evaluated.config.runsDir, join(shop.service.dir, 'runs'), { recursive: true });
    runs = { first, second };
  }, 120_000);
  afterAll(async () => {
    await shop?.[Symbol.asyncDispose]();
    await evaluated?.[Symbol.asyncDispose]();
  });

  test('a ticket is tried by keys: the decision, the rule that fires, the parts, the redacted request', async () => {
    await using visit = await shop.open('/try');
    const { page } = visit;
    await page.getByLabel('Subject').fill('Charged twice');
    await page
      .getByLabel('Message')
      .fill('My bill is wrong, I was charged twice. Write to ana@example.com\n\nKind regards\nAna\n+34 600 123 456');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: 'Decision' }).getByText('Money', { exact: true }).waitFor();
    expect(await page.getByRole('region', { name: 'Which rule fires' }).innerText()).toContain('money');
    expect(await page.getByRole('region', { name: 'How the mail was read' }).innerText()).toContain('Signature');
    const request = await page.getByRole('region', { name: 'What Claude would be sent' }).innerText();
    expect(request).toContain('charged twice');
    expect(request).not.toContain('ana@example.com');
    await expectNoBarriers(page);
    expect(visit.errors).toEqual([]);
    expect((await shop.service.app.store.tickets.list()).items).toEqual([]);
  });

  test('an intent shows its examples, and one that was imported is found, and removed after a question', async () => {
    const example = { id: 'imported', body: 'A very particular sentence about a bill', intent: 'billing' };
    expect((await postJson(`${shop.service.url}/v1/examples`, { examples: [example] })).status).toBe(200);
    await using visit = await shop.open('/taxonomy');
    const { page } = visit;
    await page.getByText('Nobody has corrected an intent in this time.').waitFor();
    await expectNoBarriers(page);
    await page.getByRole('link', { name: 'billing' }).click();
    await page.waitForURL(/\?intent=billing/);
    const examples = page.getByRole('region', { name: 'Examples', exact: true });
    await examples.getByLabel('Search examples').fill('particular');
    await expect.poll(() => examples.getByRole('listitem').count()).toBe(1);
    await expectNoBarriers(page);
    await examples.getByRole('button', { name: 'Remove' }).click();
    await examples.getByText('Remove it? The engine forgets it.').waitFor();
    await examples.getByRole('button', { name: 'Remove' }).click();
    await examples.getByText('No example fits. Try other words or fewer filters.').waitFor();
    expect(visit.errors).toEqual([]);
  });

  test('evaluations are listed, opened with their criteria, and two are compared', async () => {
    await using visit = await shop.open('/evaluation');
    const { page } = visit;
    for (const run of [runs.first, runs.second]) await page.getByLabel(`Compare run ${run}`).check();
    await expectNoBarriers(page);
    await page.getByRole('link', { name: 'Compare', exact: true }).click();
    // Both were made in one second, so that either may be the older one.
    await page.getByText(/^The (?:first|second) is better$/).waitFor();
    await expectNoBarriers(page);
    await page.getByRole('link', { name: runs.first }).click();
    await page.getByRole('heading', { name: `Evaluation ${runs.first}` }).waitFor();
    await page.getByRole('region', { name: 'Criteria' }).getByText('Routing accuracy').waitFor();
    await expectNoBarriers(page);
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open the whole report' }).click();
    const report = await opened;
    await report.getByRole('heading', { name: 'May it go live? A shop' }).waitFor();
    // Its own styles are allowed.
    expect(await report.evaluate('getComputedStyle(document.querySelector("main")).maxWidth')).toBe('1080px');
    expect(visit.errors).toEqual([]);
  });

  test('an evaluation that is not there says so, with a way back', async () => {
    await using visit = await shop.open('/evaluation/20200101');
    await visit.page.getByText('There is no run "20200101"').waitFor();
    await visit.page.getByRole('link', { name: 'All evaluations' }).click();
    await visit.page.getByRole('link', { name: runs.first }).waitFor();
  });

  test('the set-up says what runs, what is next, and what an examination finds', async () => {
    await using visit = await shop.open('/setup');
    const { page } = visit;
    await page.getByText('Connect your helpdesk').waitFor();
    await page.getByText('Nothing must be fixed.').waitFor();
    expect(await page.getByRole('region', { name: 'What runs' }).innerText()).toContain('Embedded engine');
    await expectNoBarriers(page);
    expect(visit.errors).toEqual([]);
  });

  test.each(['/try', '/taxonomy', '/taxonomy?intent=billing', '/evaluation', '/setup'])(
    '%s fits narrow and wide screens, in German and in the dark',
    async (path) => {
      for (const width of [400, 1_900]) {
        await using visit = await shop.open(path, { width, colorScheme: 'dark', locale: 'de-DE' });
        await visit.page.getByRole('heading', { level: 1 }).waitFor();
        await expect.poll(() => visit.page.locator('.mantine-Loader-root').count(), { timeout: 10_000 }).toBe(0);
        await expectNoBarriers(visit.page);
        expect(await visit.page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    },
  );
});
