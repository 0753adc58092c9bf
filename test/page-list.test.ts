// What a reader of the list meets in a real browser.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postJson } from './http-harness.ts';
import { chromiumPath, expectNoBarriers, type PageTest, startPageTest } from './page-harness.ts';

describe.skipIf(chromiumPath === undefined)('the list of tickets in a browser (TEST_CHROMIUM)', () => {
  let site: PageTest;
  beforeAll(async () => {
    site = await startPageTest();
  });
  afterAll(() => site?.[Symbol.asyncDispose]());
  const send = (ticket: object) => postJson(`${site.service.url}/v1/tickets?wait=10s`, ticket);

  test('a corrected ticket has the intent that people named, and is found by it', async () => {
    await send({ id: 'row-1', subject: 'Named anew', body: 'Where is my parcel? It should be here by now.' });
    await using visit = await site.open('/tickets');
    const { page } = visit;
    const row = page.getByRole('link', { name: /Named anew/ });
    await row.getByText('shipping').waitFor();
    await postJson(`${site.service.url}/v1/tickets/row-1/feedback`, { intent: 'returns' });
    await row.getByText('Corrected').waitFor();
    expect(await row.innerText()).toContain('returns');
    await page.goto(`${site.service.url}/tickets?intent=returns&q=anew`);
    await row.waitFor();
    await page.goto(`${site.service.url}/tickets?intent=shipping&q=anew`);
    await page.getByText('No ticket fits these filters').waitFor();
    await page.goto(`${site.service.url}/tickets?correctedFrom=shipping&q=anew`);
    await row.waitFor();
    await page.getByText('Corrected from: shipping').waitFor();
    expect(visit.errors).toEqual([]);
  });

  test('the keys are shown by a button, and the focus goes to an opened ticket and back to its row', async () => {
    for (let n = 1; n <= 30; n++) await send({ id: `keys-${n}`, subject: `Keys ${n}`, body: 'Where is my parcel?' });
    await using visit = await site.open('/tickets?q=keys');
    const { page } = visit;
    await page.getByRole('link', { name: /Keys 30/ }).waitFor();
    await page.getByRole('button', { name: /^Keys/ }).click();
    await page.getByRole('dialog').getByText('Correct the intent').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const focused = () => page.evaluate('document.activeElement.textContent.slice(0, 40)');
    for (let n = 0; n < 20; n++) await page.keyboard.press('j');
    await expect.poll(focused).toContain('Keys 11');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Keys 11' }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('ARTICLE');
    await page.keyboard.press('k');
    await page.getByRole('heading', { level: 1, name: 'Keys 12' }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('ARTICLE');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toContain('Keys 12');
    expect(await page.getByRole('link', { name: /Keys 12/ }).boundingBox()).toMatchObject({ height: 54 });
    await expectNoBarriers(page);
    expect(visit.errors).toEqual([]);
  });

  test('while the engine starts, it is said calmly that tickets wait, and only a failure is red', async () => {
    await using visit = await site.open('/review');
    const { page } = visit;
    const degraded = (starting?: object) => [
      { part: 'engine', why: 'reasons', since: new Date().toISOString(), starting },
    ];
    let start: object | null = { done: 3, total: 10 };
    let parts = degraded({ done: 3, total: 10 });
    const change = async (address: string, fields: () => object) =>
      page.route(address, async (route) => {
        const real = (await (await route.fetch()).json()) as object;
        await route.fulfill({ json: { ...real, ...fields() } });
      });
    await change('**/v1/me', () => ({ engineStart: start }));
    await change('**/readyz', () => ({ degraded: parts }));
    for (const path of ['/overview', '/tickets']) {
      await page.goto(site.service.url + path);
      await page.getByRole('status').getByText('Tickets are accepted, and decided in a moment').waitFor();
      expect(await page.getByText('reasons').count()).toBe(0);
      await expectNoBarriers(page);
    }
    start = null;
    await page.getByText('Tickets are accepted').waitFor({ state: 'hidden' });
    parts = degraded();
    await page.goto(`${site.service.url}/overview`);
    await page.getByText('engine: reasons').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    expect(visit.errors).toEqual([]);
  });

  test('a ticket without a subject is known by how its words begin', async () => {
    await send({ id: 'row-2', body: 'The lamp flickers\nsince yesterday.' });
    await using visit = await site.open('/tickets');
    await visit.page.getByRole('link', { name: /The lamp flickers since yesterday\./ }).waitFor();
    expect(visit.errors).toEqual([]);
  });
});
