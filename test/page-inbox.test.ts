// The inbox and the ticket, as an agent uses them in a real browser.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createShopDir } from './cli-harness.ts';
import { postJson, startService } from './http-harness.ts';
import { chromiumPath, expectNoBarriers, type PageTest, restingBox, startPageTest } from './page-harness.ts';

type Given = { feedback: { feedback: object }[]; assignment: { team: string } };
type Decided = { classification: { intent: string; stage: string } };

/** Subjects in the list, from the top. */
const subjectsOf = (page: Page) =>
  page
    .getByRole('list', { name: 'Tickets, newest first' })
    .locator('a > span:first-child > span:first-child')
    .allInnerTexts();

describe.skipIf(chromiumPath === undefined)('the inbox in a browser (TEST_CHROMIUM)', () => {
  let site: PageTest;
  beforeAll(async () => {
    site = await startPageTest();
  });
  afterAll(() => site?.[Symbol.asyncDispose]());
  const send = (ticket: object) => postJson(`${site.service.url}/v1/tickets?wait=10s`, ticket);
  const read = async <T>(path: string) => (await (await fetch(`${site.service.url}${path}`)).json()) as T;

  test('a ticket appears live, is read, corrected and rated, and the next one with its words is decided by that', async () => {
    await using visit = await site.open('/');
    const { page } = visit;
    await page.getByRole('heading', { name: 'No tickets yet' }).waitFor();
    const words = { subject: 'Wobbly chair', body: 'One leg of the chair is shorter than the others.' };
    await send({ id: 'live-1', ...words });
    await page.getByRole('link', { name: /Wobbly chair/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Wobbly chair' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/tickets/live-1');
    await page.getByText('One leg of the chair is shorter').waitFor();

    // Three keys: the search, its first letters, Enter.
    await page.keyboard.press('c');
    await page.keyboard.type('shipp');
    await page.getByRole('option', { name: 'Shipping' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Saved, and learned as an example.').waitFor();
    await page.locator(`label[for="${await page.getByRole('radio', { name: '4 stars' }).getAttribute('id')}"]`).click();
    await page.getByRole('region', { name: 'Feedback' }).getByText('4 stars').waitFor();

    const next = (await (await send({ id: 'live-2', ...words })).json()) as Decided;
    expect(next.classification).toMatchObject({ intent: 'shipping', stage: 'correction' });
    const { feedback } = await read<Given>('/v1/tickets/live-1');
    expect(feedback.map((entry) => entry.feedback)).toEqual([{ intent: 'shipping' }, { rating: 4 }]);
    await page
      .getByRole('link', { name: /Wobbly chair/ })
      .nth(1)
      .waitFor();
    expect(visit.errors).toEqual([]);
  });

  test('a correction can be undone, and the team corrected with two clicks', async () => {
    await send({ id: 'undo-1', subject: 'Undo me', body: 'Something about an invoice.' });
    await using visit = await site.open('/tickets/undo-1');
    const { page } = visit;
    await page.getByRole('button', { name: /Correct the intent/ }).click();
    await page.getByRole('option').first().click();
    const status = page.getByRole('status');
    await status.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('region', { name: 'Feedback' }).getByText('Undone').first().waitFor();

    await page.getByRole('button', { name: /Correct the team/ }).click();
    await page.getByRole('option', { name: 'Money' }).click();
    await status.getByText('Saved.').waitFor();
    expect((await read<Given>('/v1/tickets/undo-1')).assignment.team).toBe('money');
    expect(visit.errors).toEqual([]);
  });

  test('keys go through the list and the tickets, and help is a key away', async () => {
    for (const n of [1, 2, 3]) await send({ id: `keys-${n}`, subject: `Keys ${n}`, body: 'Where is my parcel?' });
    await using visit = await site.open('/tickets?q=keys');
    const { page } = visit;
    await page.getByRole('link', { name: /Keys 3/ }).waitFor();
    await expect.poll(() => subjectsOf(page)).toEqual(['Keys 3', 'Keys 2', 'Keys 1']);
    for (const key of ['j', 'j', 'k', 'j', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('heading', { level: 1, name: 'Keys 2' }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { level: 1, name: 'Keys 1' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog').getByText('Next ticket').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    await page.keyboard.type('nothing has these words');
    await page.getByRole('heading', { name: 'No ticket fits these filters' }).waitFor();
    await page.waitForURL((url) => url.searchParams.get('q') === 'nothing has these words');
    expect(visit.errors).toEqual([]);
  });

  test('a ticket that lies elsewhere than the rules send what people said can be moved there, also later', async () => {
    await send({ id: 'later-1', subject: 'To be moved later', body: 'Blorp zimzam flurbel gnarf.' });
    await postJson(`${site.service.url}/v1/tickets/later-1/feedback`, { intent: 'billing' });
    const read = async () =>
      (await (await fetch(`${site.service.url}/v1/tickets/later-1`)).json()) as { moveTo: string | null } & Given;
    const { moveTo, assignment } = await read();
    expect(moveTo).toBe('money');
    expect(moveTo).not.toBe(assignment.team);
    await using visit = await site.open('/tickets/later-1');
    const { page } = visit;
    await page.getByRole('button', { name: /^Move it to/ }).click();
    await expect.poll(async () => (await read()).assignment.team).toBe(moveTo);
    expect(await read()).toMatchObject({ moveTo: null });
    await page.getByRole('button', { name: /^Move it to/ }).waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test('filters stand in the address, and a reload shows the same list and ticket', async () => {
    const sent = await send({ id: 'filter-1', subject: 'To be filtered', body: 'My invoice is wrong.' });
    const { assignment } = (await sent.json()) as Given;
    await using visit = await site.open('/tickets?q=filtered');
    const { page } = visit;
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    // None of its fields is unfolded over the others.
    await page.getByRole('combobox', { name: 'State' }).waitFor();
    expect(await page.getByRole('option').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Team' }).click();
    await page.getByRole('option', { name: new RegExp(assignment.team, 'i') }).click();
    await page.waitForURL(/team=/);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /To be filtered/ }).click();
    await page.getByRole('heading', { level: 1, name: 'To be filtered' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'To be filtered' }).waitFor();
    await expect.poll(() => subjectsOf(page)).toEqual(['To be filtered']);
    expect(new URL(page.url()).searchParams.get('team')).toBe(assignment.team);
    await page.getByRole('button', { name: /Remove the filter Team/ }).click();
    await page.waitForURL((url) => !url.searchParams.has('team'));
    expect(visit.errors).toEqual([]);
  });

  test('a hostile ticket is shown as text: no script, no link but to pages, no address turned around by a name', async () => {
    const script = '<img src=x onerror="window.broken = true">';
    await send({
      subject: `Hostile ${script}`,
      body: `Where is my parcel? ${script}`,
      requester: { name: 'elpmaxe.knab@ofni \u202e', email: 'thief@mail.example' },
      source: { connector: 'api', externalId: 'hostile-1', url: 'javascript:window.broken=true' },
    });
    await using visit = await site.open('/tickets/hostile-1');
    const { page } = visit;
    await page.getByRole('heading', { level: 1, name: /Hostile <img/ }).waitFor();
    expect(await page.locator('header bdi').allInnerTexts()).toEqual([expect.any(String), 'thief@mail.example']);
    expect(await page.getByRole('link', { name: 'Open in the helpdesk' }).count()).toBe(0);
    expect(await page.evaluate("'broken' in window")).toBe(false);
    expect(visit.errors).toEqual([]);
  });

  test('what nobody knows in an address does no harm', async () => {
    await send({ id: 'address-1', subject: 'To be addressed', body: 'My invoice is wrong.' });
    await using visit = await site.open('/tickets?q=addressed&utm_source=mail');
    const { page } = visit;
    await page.getByRole('link', { name: /To be addressed/ }).click();
    await page.getByRole('heading', { level: 1, name: 'To be addressed' }).waitFor();
    await page.goto(`${site.service.url}/overview?range=century`);
    await page
      .getByRole('radio', { name: /day|24/i })
      .first()
      .waitFor({ state: 'attached' });
    const [next] = await Promise.all([
      page.waitForResponse('**/v1/review/next'),
      page.goto(`${site.service.url}/review?kind=nothing`),
    ]);
    expect(next.status()).toBe(200);
    expect(visit.errors).toEqual([]);
  });

  test('a ticket or a page that is not there is said for people, with the navigation', async () => {
    await using visit = await site.open('/tickets/nobody-knows');
    const { page } = visit;
    await page.getByRole('heading', { name: 'There is no such ticket' }).waitFor();
    expect(await page.getByText('GET /v1').count()).toBe(0);
    await page.goto(`${site.service.url}/nothere`);
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.waitForURL('**/overview');
    await page.goto(`${site.service.url}/tickets?abstained=%22true%22`);
    await page.getByText('Sure enough: No').waitFor();
  });

  test('the list holds its position while tickets arrive above it', async () => {
    for (let n = 1; n <= 30; n++) await send({ id: `hold-${n}`, subject: `Hold ${n}`, body: 'Where is my parcel?' });
    await using visit = await site.open('/tickets?q=hold');
    const { page } = visit;
    const row = page.getByRole('link', { name: /Hold 12/ });
    await page.getByRole('link', { name: /Hold 30/ }).waitFor();
    await row.scrollIntoViewIfNeeded();
    const before = await restingBox(row);
    for (let n = 31; n <= 33; n++) await send({ id: `hold-${n}`, subject: `Hold ${n}`, body: 'Where is my parcel?' });
    await page.locator('li[aria-posinset="22"]').getByText('Hold 12').waitFor();
    expect((await restingBox(row))?.y).toBe(before?.y);
    await expectNoBarriers(page);
    const hint = page.getByRole('button', { name: '3 new', exact: true });
    await hint.click();
    await page.getByRole('link', { name: /Hold 33/ }).waitFor();
    await hint.waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test.each([
    { width: 1_400, colorScheme: 'light', locale: 'en-GB' },
    { width: 400, colorScheme: 'dark', locale: 'de-DE' },
    { width: 1_900, colorScheme: 'dark', locale: 'en-GB' },
  ] as const)(
    'nothing serious stands in the way of a screen reader at $width px, $colorScheme, $locale',
    async (look) => {
      await send({ id: 'arabic', subject: 'مشكلة', body: 'مرحبا، لم تصل الطلبية حتى الآن.' });
      await using visit = await site.open('/tickets', look);
      const { page } = visit;
      await page.locator('li a').first().waitFor();
      await expectNoBarriers(page);
      await page.goto(`${site.service.url}/tickets/arabic`);
      // Right to left, whatever the language of the page is.
      await page.locator('article div:dir(rtl)').getByText('مرحبا').waitFor();
      await expectNoBarriers(page);
      const root = 'document.documentElement';
      expect(await page.evaluate(`${root}.scrollWidth <= ${root}.clientWidth`)).toBe(true);
    },
  );
});

test.skipIf(chromiumPath === undefined)(
  'a page that is open while the server restarts goes on by itself (TEST_CHROMIUM)',
  { timeout: 180_000 },
  async () => {
    using shop = createShopDir();
    const port = await freePort();
    await using visitSite = await startPageTest({ dir: shop.path, port });
    await using visit = await visitSite.open('/');
    const { page } = visit;
    await page.getByRole('heading', { name: 'No tickets yet' }).waitFor();
    await visitSite.service[Symbol.asyncDispose]();
    await page.getByText(/The connection to the server is lost/).waitFor();
    await using again = await startService({ dir: shop.path, port });
    await page.getByText(/The connection to the server is lost/).waitFor({ state: 'hidden' });
    await postJson(`${again.url}/v1/tickets?wait=10s`, { subject: 'After the restart', body: 'Where is my parcel?' });
    await page.getByRole('link', { name: /After the restart/ }).waitFor();
  },
);

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
