// German is chosen, so the page says in German what the server says in English.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluatedFolder } from '../src/testing/evaluated-folder.ts';
import { postJson } from './http-harness.ts';
import { chromiumPath, type PageTest, startPageTest } from './page-harness.ts';

/** Words that no German sentence has. */
const english =
  /\b(?:the|is|are|of|and|not|with|because|it|by|has|have|from|that|this|than|which|sure|enough|nothing|does|says)\b/i;

// Runs in the page. Words of tickets stand in spans and marks of their own. Nothing here is by Claude or a helpdesk, so that
// nothing needs to stay English and be marked as such.
const readTexts = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (!parentElement.closest('[dir=auto] > span, mark, pre, code, script, style, noscript')) texts.push(textContent);
  }
  for (const element of document.querySelectorAll('[title], [aria-label]')) {
    texts.push(element.getAttribute('title') ?? '', element.getAttribute('aria-label') ?? '');
  }
  return texts;
})()`;

/**
 * Texts of the page with an English word in them. Left out: what customers wrote, code, and quotations („…“), which are words of
 * tickets, commands and names.
 */
async function englishTexts(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate<string[]>(readTexts);
  return texts.map((text) => text.replace(/„[^“]*“/g, '')).filter((text) => english.test(text));
}

describe.skipIf(chromiumPath === undefined)('the German page (TEST_CHROMIUM)', () => {
  let site: PageTest;
  beforeAll(async () => {
    site = await startPageTest();
    const send = async (ticket: object) => {
      const response = await postJson(`${site.service.url}/v1/tickets?wait=60s`, ticket);
      expect(response.ok).toBe(true);
    };
    await send({ id: 'decided', subject: 'Paket', body: 'Where is my parcel? It should have arrived on Monday.' });
    await send({ id: 'abstained', subject: 'Qwertz', body: 'Blorp zimzam flurbel gnarf.' });
    await send({
      id: 'automatic',
      subject: 'Automatic reply: Paket',
      body: 'I am out of the office until Monday and will reply to your mail when I am back.',
    });
    await send({
      id: 'mail',
      subject: 'Re: Paket',
      body: 'Where is my parcel now?\n\nBest regards\nAnna Berger\n-- \nAnna Berger\nAcme GmbH\n+49 30 1234567\n\nOn 23 Nov 2026 at 10:12, Support <help@acme.example> wrote:\n> We have sent it.',
    });
    await postJson(`${site.service.url}/v1/tickets/decided/feedback`, { intent: 'billing', rating: 2, by: 'Ana' });
    await postJson(`${site.service.url}/v1/tickets/decided/feedback`, { intent: 'returns', by: 'Ben' });
    await postJson(`${site.service.url}/webhooks/nobody`, {});
  }, 180_000);
  afterAll(() => site?.[Symbol.asyncDispose]());

  test.each([
    ['/tickets/decided', 'Was geschah'],
    ['/tickets/abstained', 'Nicht sicher genug'],
    ['/tickets/automatic', 'Automatische Mail'],
    ['/tickets/mail', 'Was geschah'],
    ['/review', 'Die Frage'],
    ['/overview', 'Wer entschieden hat'],
    ['/setup', 'Es gibt nichts zu beheben.'],
    ['/evaluation', 'Noch keine Auswertung'],
    ['/people', 'Benutzerkonten'],
    ['/taxonomy', 'Beispiele'],
  ])('%s leaves no sentence of the server in English', async (path, shown) => {
    await using visit = await site.open(path, { locale: 'de-DE' });
    const { page } = visit;
    await page
      .getByText(shown)
      .or(page.getByRole('region', { name: shown }))
      .first()
      .waitFor();
    await expect.poll(() => page.locator('.mantine-Loader-root').count(), { timeout: 10_000 }).toBe(0);
    expect(await englishTexts(page)).toEqual([]);
    expect(visit.errors).toEqual([]);
  });

  test('what would happen to a ticket is said in German, with its mail and its rules', async () => {
    await using visit = await site.open('/try', { locale: 'de-DE' });
    const { page } = visit;
    await page.getByRole('button', { name: 'Beispiel einfüllen' }).click();
    await page.getByRole('button', { name: 'Ausprobieren', exact: true }).click();
    await page.getByRole('region', { name: 'Wie die Mail gelesen wurde' }).waitFor();
    expect(await englishTexts(page)).toEqual([]);
  });

  test('an evaluation and a comparison of two are said in German', async () => {
    await using evaluated = await evaluatedFolder();
    const first = await evaluated.run({ wrong: Array.from({ length: 12 }, (_, i) => i) });
    const second = await evaluated.run({ wrong: [20] });
    cpSync(evaluated.config.runsDir, join(site.service.dir, 'runs'), { recursive: true });
    await using visit = await site.open(`/evaluation/${first}`, { locale: 'de-DE' });
    const { page } = visit;
    await page.getByText('28 von 40 Tickets bekamen das richtige Anliegen').waitFor();
    expect(await englishTexts(page)).toEqual([]);
    await page.goto(`${site.service.url}/evaluation/compare?first=${first}&second=${second}`);
    await page.getByText('Der zweite Lauf ist um 27,5 Prozentpunkte besser.').waitFor();
    expect(await englishTexts(page)).toEqual([]);
  });

  test('the language is changed on the page, and English says what the server says', async () => {
    await using visit = await site.open('/tickets/decided', { locale: 'en-GB' });
    const { page } = visit;
    const reason = page.getByText(/^Rule "|^No rule matched/);
    await reason.first().waitFor();
    await page.evaluate("localStorage.setItem('switchboard-language', 'de')");
    await page.reload();
    await page
      .getByText(/^Regel „|^Keine Regel trifft zu/)
      .first()
      .waitFor();
    expect(await reason.count()).toBe(0);
  });
});
