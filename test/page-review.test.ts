// The review in a real browser: cleared by keys alone, by two people at once.
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postJson } from './http-harness.ts';
import { chromiumPath, expectNoBarriers, type PageTest, startPageTest } from './page-harness.ts';

const TICKETS = 50;
const wishes = ['Where is my parcel', 'I want to send it back', 'How do I get a refund', 'My order has not come'];

describe.skipIf(chromiumPath === undefined)('the review', () => {
  let on: PageTest;
  beforeAll(async () => {
    on = await startPageTest({ env: { SWITCHBOARD_LEARNING__REVIEW_BELOW: '1' } });
    await Promise.all(Array.from({ length: TICKETS }, (_, index) => take(index)));
  }, 240_000);
  afterAll(() => on?.[Symbol.asyncDispose]());

  const take = async (index: number) => {
    const ticket = {
      id: `q-${index}`,
      subject: `Question ${index}`,
      body: `${wishes[index % 4]}, order NN-${10_000 + index}?`,
    };
    const posted = await postJson(`${on.service.url}/v1/tickets?wait=50s`, ticket);
    expect(posted.status).toBe(200);
  };
  const subject = (page: Page) => page.locator('#review-subject');
  const nothing = (page: Page) => page.getByRole('heading', { name: /Nothing (waits|is left for you)/ });

  /** Goes to the ticket, and waits until what was held is free: a browser that is being closed may no longer say so. */
  const leave = (page: Page) =>
    Promise.all([
      page.waitForResponse((response) => (response.request().postDataJSON() as { count?: number } | null)?.count === 0),
      page.getByRole('link', { name: 'Open the whole ticket' }).click(),
    ]);

  /** Presses these keys in turn until nothing is left; returns the subjects that were shown. */
  async function clear(page: Page, keys: readonly string[]): Promise<string[]> {
    const seen: string[] = [];
    for (let n = 0; ; n += 1) {
      await subject(page).or(nothing(page)).first().waitFor();
      if (await nothing(page).isVisible()) return seen;
      const shown = await subject(page).innerText();
      seen.push(shown);
      await page.keyboard.press(keys[n % keys.length] ?? 'r');
      await page.waitForFunction(`document.querySelector('#review-subject')?.textContent !== ${JSON.stringify(shown)}`);
    }
  }

  test('looks right, has no barriers, and says its keys', { timeout: 120_000 }, async () => {
    for (const [width, colorScheme] of [
      [1_400, 'light'],
      [400, 'dark'],
    ] as const) {
      await using visit = await on.open('/review', { width, colorScheme });
      const { page, errors } = visit;
      await subject(page).waitFor();
      await page.getByRole('button', { name: /That is right/ }).waitFor();
      await expectNoBarriers(page);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/review-${width}.png` });
      await page.keyboard.press('Shift+?');
      await page.getByRole('dialog').waitFor();
      // Keys belong to the list while it is open.
      const shown = await subject(page).innerText();
      await page.keyboard.press('s');
      expect(await subject(page).innerText()).toBe(shown);
      await page.keyboard.press('Escape');
      await leave(page);
      expect(errors).toEqual([]);
    }
  });

  test('a verdict that cannot be sent loses nothing', { timeout: 60_000 }, async () => {
    let isCut = false;
    const intercept = (route: Route) =>
      isCut && route.request().url().includes('/v1/review/') ? route.abort() : route.continue();
    await using visit = await on.open('/review', { intercept });
    const { page } = visit;
    await page.getByRole('button', { name: /That is right/ }).waitFor();
    const shown = await subject(page).innerText();
    isCut = true;
    await page.keyboard.press('r');
    await page.getByText('The server cannot be reached.', { exact: false }).waitFor();
    await expect.poll(() => subject(page).innerText()).toBe(shown);
    isCut = false;
    const asked = page.waitForResponse('**/v1/review/next');
    await page.getByRole('button', { name: 'Try again' }).click();
    await asked;
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await subject(page).innerText()).toBe(shown);
    await leave(page);
  });

  test('50 tickets are cleared by keys alone, by two sessions at once', { timeout: 240_000 }, async () => {
    await using one = await on.open('/review');
    await using two = await on.open('/review', { locale: 'de-DE' });
    await two.page.evaluate(`localStorage.setItem('switchboard-language', 'en')`);
    await two.page.reload();
    const [first, second] = await Promise.all([
      clear(one.page, ['r', '1', 'r', 'o']),
      clear(two.page, ['r', 'r', '1']),
    ]);
    expect([...first, ...second].sort()).toEqual(
      Array.from({ length: TICKETS }, (_, index) => `Question ${index}`).sort(),
    );
    expect(Math.min(first.length, second.length)).toBeGreaterThan(5);
    for (let index = 0; index < TICKETS; index += 1) {
      const record = await (await fetch(`${on.service.url}/v1/tickets/q-${index}`)).json();
      expect(record).toMatchObject({ feedback: [{ state: 'applied' }] });
    }
    await expect
      .poll(() => one.page.getByTestId('progress').innerText(), { timeout: 15_000 })
      .toContain(`${first.length} done, 0 left`);

    // What was said last is taken back, and said otherwise, with the search.
    await one.page.keyboard.press('u');
    await subject(one.page).waitFor();
    expect(await subject(one.page).innerText()).toBe(first.at(-1));
    await one.page.getByText(`Taken back: ${first.at(-1)}`, { exact: true }).waitFor();
    await one.page.keyboard.press('c');
    await one.page.getByRole('textbox').pressSequentially('return');
    await one.page.keyboard.press('Enter');
    await nothing(one.page).waitFor();
    expect([one.errors, two.errors]).toEqual([[], []]);
  });

  test('what somebody said of a ticket is approved, taken back and rejected', { timeout: 120_000 }, async () => {
    await take(80);
    const say = (by: string, intent: string) =>
      postJson(`${on.service.url}/v1/tickets/q-80/feedback`, { intent, by }).then(({ status }) =>
        expect(status).toBe(201),
      );
    await say('ana', 'billing');
    await say('bea', 'returns');
    const stateOf = async () => {
      const record = (await (await fetch(`${on.service.url}/v1/tickets/q-80`)).json()) as {
        feedback: { state: string }[];
      };
      return record.feedback.at(-1)?.state;
    };
    await using visit = await on.open('/review?kind=correction', { locale: 'de-DE' });
    const { page, errors } = visit;
    await page.getByText('bea sagt').waitFor();
    await expectNoBarriers(page);
    await page.keyboard.press('r'); // says nothing of what a person said
    await page.keyboard.press('a');
    await page.getByText('Angenommen.').waitFor();
    await expect.poll(stateOf).toBe('applied');
    await page.keyboard.press('u');
    await page.getByText('bea sagt').waitFor();
    expect(await stateOf()).toBe('waiting');
    await page.keyboard.press('x');
    await expect.poll(stateOf).toBe('undone');
    await page.getByRole('heading', { name: 'Es wartet nichts' }).waitFor();
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/review-empty.png` });
    await page.getByLabel('Was angesehen wird').selectOption('abstained');
    await page.waitForURL(/kind=abstained/);
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog').waitFor();
    expect(errors).toEqual([]);
  });

  test('a new ticket appears by itself, and a reload brings back what was held', { timeout: 120_000 }, async () => {
    await using visit = await on.open('/review');
    const { page } = visit;
    await nothing(page).waitFor();
    await take(90);
    await subject(page).waitFor();
    await page.reload();
    await subject(page).waitFor();
    // A duplicated tab has the same storage, and is another reviewer all the same.
    const opened = page.context().waitForEvent('page');
    await page.evaluate(`window.open('/review')`);
    const other = await opened;
    await nothing(other).waitFor();
    await other.close();
    await page.keyboard.press('s');
    await nothing(page).waitFor();
    await page.getByRole('button', { name: 'Show what I skipped' }).click();
    await subject(page).waitFor();
    expect(await subject(page).innerText()).toBe('Question 90');
  });
});
