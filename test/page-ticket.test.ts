// What a reader of tickets meets in a real browser: one after the other, long ones, and the search above them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postJson } from './http-harness.ts';
import { chromiumPath, expectNoBarriers, type PageTest, restingBox, startPageTest } from './page-harness.ts';

describe.skipIf(chromiumPath === undefined)('tickets in a browser (TEST_CHROMIUM)', () => {
  let site: PageTest;
  beforeAll(async () => {
    site = await startPageTest();
  });
  afterAll(() => site?.[Symbol.asyncDispose]());
  const send = (ticket: object) => postJson(`${site.service.url}/v1/tickets?wait=10s`, ticket);

  test('a search stays when its field is left by Escape, and the tab is named by what it shows', async () => {
    await send({ id: 'named-1', subject: 'Crooked table', body: 'The table is crooked.' });
    await send({ id: 'other-1', subject: 'Something else', body: 'Where is my parcel?' });
    await using visit = await site.open('/tickets?q=crooked');
    const { page } = visit;
    await page.getByRole('link', { name: /Crooked table/ }).waitFor();
    await expect.poll(() => page.title()).toBe('Inbox · Switchboard');
    await page.keyboard.press('/');
    for (const key of ['Escape', 'j', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('heading', { level: 1, name: 'Crooked table' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('crooked');
    await expect.poll(() => page.title()).toBe('Crooked table · Switchboard');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
    await expect.poll(() => page.title()).toBe('Inbox · Switchboard');
    expect(visit.errors).toEqual([]);
  });

  test('what was typed or said of a ticket is not shown with the next one, which is read from its top', async () => {
    const body = Array.from({ length: 60 }, (_, line) => `Line ${line}: where is my parcel?`).join('\n');
    await send({ id: 'long-1', subject: 'Long one', body });
    await send({ id: 'long-2', subject: 'Long two', body });
    await using visit = await site.open('/tickets/long-1?q=long');
    const { page } = visit;
    const heading = (name: string) => page.getByRole('heading', { level: 1, name });
    await heading('Long one').waitFor();
    await page.getByRole('link', { name: /Long two/ }).waitFor();
    await page.keyboard.press('k');
    await heading('Long two').waitFor();
    await page.getByRole('textbox', { name: 'Comment' }).fill('About the second');
    // Left with Escape, what was typed stays, the ticket too, and keys are for the page again.
    await page.keyboard.press('Escape');
    await heading('Long two').waitFor();
    // The search opens where it can be seen, though its button was out of view.
    await page.keyboard.press('c');
    // Left again, it takes no key: the next one opens it anew, empty.
    for (const key of ['x', 'Escape', 'c']) await page.keyboard.press(key);
    await page.keyboard.type('shipp');
    await page.getByRole('option', { name: 'Shipping' }).waitFor();
    await expectNoBarriers(page);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Saved, and learned').waitFor();
    await page
      .getByText(/^(Corrected|Confirmed)$/)
      .first()
      .waitFor();
    const wants = page.getByRole('region', { name: 'What the customer wants' });
    await expect.poll(() => wants.getByRole('heading').first().innerText()).toMatch(/shipping$/i);
    await page.getByRole('textbox', { name: 'Comment' }).press('Control+Enter');
    await expect.poll(() => page.getByRole('textbox', { name: 'Comment' }).inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'What happened' }).scrollIntoViewIfNeeded();
    await page.keyboard.press('j');
    await heading('Long one').waitFor();
    expect(await restingBox(heading('Long one'))).toMatchObject({ y: expect.closeTo(70, -2) });
    expect(await page.getByRole('textbox', { name: 'Comment' }).inputValue()).toBe('');
    expect(await page.getByRole('status').getByText('Saved').count()).toBe(0);
    expect(visit.errors).toEqual([]);
  });

  test('the words that decided are marked in the subject too', async () => {
    await send({
      id: 'marked-1',
      subject: 'My parcel has not been delivered, where is it?',
      body: 'Hello, see above.',
    });
    await using visit = await site.open('/tickets/marked-1');
    const heading = visit.page.getByRole('heading', {
      level: 1,
      name: 'My parcel has not been delivered, where is it?',
    });
    await heading.locator('mark').first().waitFor();
    expect(visit.errors).toEqual([]);
  });

  test('a nearest example leads to its words', async () => {
    await send({ id: 'near-1', subject: 'Parcel', body: 'Has my parcel been delivered? The tracking number fails.' });
    await using visit = await site.open('/tickets/near-1');
    const { page } = visit;
    const region = page.getByRole('region', { name: 'What the customer wants' });
    await region.locator('a[href*="example="]').first().click();
    const example = page.getByRole('region', { name: 'The example that you came for' });
    await example.locator('li').waitFor();
    await page.getByRole('region', { name: 'Examples', exact: true }).waitFor();
    await expectNoBarriers(page);
    expect(visit.errors).toEqual([]);
  });

  test('a search starts at its newest ticket, wherever the list was', async () => {
    for (let n = 1; n <= 40; n++) await send({ id: `far-${n}`, subject: `Far ${n}`, body: 'Where is my parcel?' });
    await using visit = await site.open('/tickets?q=far');
    const { page } = visit;
    await page.getByRole('link', { name: /Far 40/ }).waitFor();
    await page.locator('ul[aria-label]').hover();
    await page.mouse.wheel(0, 2_000);
    await page.getByRole('link', { name: /Far 12/ }).waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.waitForURL((url) => !url.searchParams.has('q'));
    await page.getByRole('link', { name: /Far 40/ }).waitFor();
    expect(visit.errors).toEqual([]);
  });

  test('without a network, what is said and not stored is told at once', async () => {
    await send({ id: 'cut-1', subject: 'Cut off', body: 'Where is my parcel?' });
    await using visit = await site.open('/tickets/cut-1');
    const { page } = visit;
    await page.getByRole('textbox', { name: 'Comment' }).fill('Kept until it can be sent');
    await page.context().setOffline(true);
    await page.waitForFunction(`fetch('/healthz').then(() => false, () => true)`);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('The server cannot be reached').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('region', { name: 'Feedback' }).getByText('Kept until it can be sent').waitFor();
  });

  test('a comment that was begun is still there after a reload, and gone once it was sent', async () => {
    await send({ id: 'draft-1', subject: 'Half said', body: 'Where is my parcel?' });
    await using visit = await site.open('/tickets/draft-1');
    const { page } = visit;
    const comment = page.getByRole('textbox', { name: 'Comment' });
    await comment.fill('Half a sentence');
    await page.reload();
    await comment.waitFor();
    expect(await comment.inputValue()).toBe('Half a sentence');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => comment.inputValue()).toBe('');
    await page.reload();
    await page.getByRole('region', { name: 'Feedback' }).getByText('Half a sentence', { exact: true }).waitFor();
    expect(await comment.inputValue()).toBe('');
    expect(visit.errors).toEqual([]);
  });

  test('a ticket stays on the screen when it cannot be loaded anew, and an intent is found when the tree came late', async () => {
    await send({ id: 'stays-1', subject: 'Stays here', body: 'Where is my parcel?' });
    let isCut = false;
    const tree = Promise.withResolvers<void>();
    await using visit = await site.open('/tickets/stays-1', {
      intercept: async (route) => {
        const { pathname } = new URL(route.request().url());
        if (pathname === '/v1/taxonomy') await tree.promise;
        if (isCut && pathname === '/v1/tickets/stays-1') await route.fulfill({ status: 503 });
        else await route.continue();
      },
    });
    const { page } = visit;
    await page.getByRole('textbox', { name: 'Comment' }).fill('Stored all the same');
    isCut = true;
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').getByText('The server answered with status 503.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Stays here' }).waitFor();
    isCut = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'Feedback' }).getByText('Stored all the same', { exact: true }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });

    await page.keyboard.press('c');
    await page.keyboard.type('shipp');
    tree.resolve();
    await page.getByRole('option', { name: 'Shipping' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Saved, and learned').waitFor();
  });

  test('a comment that was sent is gone from its field, also where the ticket was left before the answer came', async () => {
    await send({ id: 'left-1', subject: 'Left early', body: 'Where is my parcel?' });
    const answer = Promise.withResolvers<void>();
    await using visit = await site.open('/tickets/left-1', {
      intercept: async (route) => {
        if (route.request().method() === 'POST') await answer.promise;
        await route.continue();
      },
    });
    const { page } = visit;
    const comment = page.getByRole('textbox', { name: 'Comment' });
    await comment.fill('Said in a hurry');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('link', { name: 'Close the ticket' }).click();
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
    const stored = page.waitForResponse((response) => response.request().method() === 'POST');
    answer.resolve();
    await stored;
    await page.getByRole('link', { name: /Left early/ }).click();
    await page.getByRole('region', { name: 'Feedback' }).getByText('Said in a hurry', { exact: true }).waitFor();
    await expect.poll(() => comment.inputValue()).toBe('');
    expect(visit.errors).toEqual([]);
  });
});
