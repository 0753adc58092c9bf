// A server that needs somebody to sign in, as people see it in a real browser.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Role } from '../src/base/role.ts';
import { chromiumPath, expectNoBarriers, type PageTest, startPageTest, type VisitOptions } from './page-harness.ts';

vi.setConfig({ testTimeout: 120_000 });
const token = 'a-token-of-this-test';
const password = 'correct horse battery';
const actor = { kind: 'token', id: 'api' } as const;

if (chromiumPath === undefined) test.skip('needs TEST_CHROMIUM', () => {});
else {
  let started: PageTest;
  beforeAll(async () => {
    started = await startPageTest({ token });
  }, 180_000);
  afterAll(() => started?.[Symbol.asyncDispose]());

  const people = () => started.service.app.people;
  const addUser = async (id: string, role: Role) => {
    const { invitation } = await people().addUser({ id, role, actor });
    await people().acceptInvitation({ code: invitation.code, password });
  };
  /** Opens an address for somebody who is not signed in, and signs in on the page that comes instead. */
  const openAs = async (path: string, user: string, options?: VisitOptions) => {
    const visit = await started.open(path, options);
    await visit.page.getByLabel('User', { exact: true }).fill(user);
    await visit.page.getByLabel('Password', { exact: true }).fill(password);
    await visit.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    return visit;
  };

  test('the documentation asks who it is, wants the right token, and is closed after signing out', async () => {
    await using visit = await started.open('/docs');
    const { page } = visit;
    await page.getByRole('button', { name: /with a token/ }).click();
    await page.getByLabel('Token').fill('a-wrong-token');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('/v1/tickets/{id}/feedback', { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/docs/);

    await page.goto(`${started.service.url}/sign-in`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('User', { exact: true }).waitFor();
    await page.goto(`${started.service.url}/docs`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await expectNoBarriers(page);
  });

  test('signing out says when it did not work, and forgets what was typed', async () => {
    await addUser('quitter', 'agent');
    await using visit = await openAs('/tickets', 'quitter');
    const { page } = visit;
    const account = page.getByRole('button', { name: 'Account and settings' });
    await account.waitFor();
    await page.evaluate("sessionStorage.setItem('switchboard-draft:comment:t-1', 'half a sentence')");
    await page.route('**/v1/session', (route) => route.abort());
    await account.click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await expectNoBarriers(page);
    await page.unroute('**/v1/session');
    await page.goto(`${started.service.url}/sign-in`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('User', { exact: true }).waitFor();
    expect(await page.evaluate('Object.keys(sessionStorage).filter((key) => key.includes("draft"))')).toEqual([]);
  });

  test('who may not open a page is told which role it needs, and how to send a ticket says that it takes a token', async () => {
    await addUser('reader', 'viewer');
    await using visit = await openAs('/review', 'reader');
    const { page } = visit;
    await page.getByText('It needs the role “Agent” or a higher one').waitFor();
    await expectNoBarriers(page);
    await page.getByRole('link', { name: 'Go to the inbox' }).click();
    await page.getByText("-H 'authorization: Bearer TOKEN'").waitFor();
  });

  test('somebody who was invited chooses a password, is signed in, and comes back with it', async () => {
    const { invitation } = await people().addUser({ id: 'ana', name: 'Ana Weiß', role: 'agent', actor });
    const path = `/invitation/${invitation.code}`;
    {
      await using visit = await started.open(path);
      const { page } = visit;
      await page.getByRole('heading', { name: 'Welcome, Ana Weiß' }).waitFor();
      expect(await page.getByLabel(/user name/).inputValue()).toBe('ana');
      await page.getByLabel('New password').fill('ana ana ana');
      await page.getByRole('button', { name: /Set the password/ }).click();
      await page.getByRole('alert').waitFor();
      await expectNoBarriers(page);
      await page.getByLabel('New password').fill(password);
      await page.getByRole('button', { name: /Set the password/ }).click();
      await page.waitForURL('**/tickets');
      await page.getByRole('button', { name: /Ana Weiß/ }).waitFor();
    }
    await using again = await started.open(path);
    await again.page.getByText('does not work any more').waitFor();
    await using back = await openAs('/tickets', 'ana');
    await back.page.getByRole('button', { name: /Ana Weiß/ }).waitFor();
    expect(new URL(back.page.url()).pathname).toBe('/tickets');
    expect(await back.page.getByRole('link', { name: 'People' }).count()).toBe(0);
  });

  test('an admin adds a user and a token, gives another role, and removes them', async () => {
    await addUser('boss', 'admin');
    await using visit = await openAs('/people', 'boss');
    const { page, errors } = visit;
    await page.getByRole('button', { name: 'Add a user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('User name').fill('ben');
    await dialog.getByLabel('Role').selectOption('viewer');
    await dialog.getByRole('button', { name: 'Add a user' }).click();
    const link = await dialog.getByText(/\/invitation\//).innerText();
    expect(link).toMatch(new RegExp(`^${started.service.url}/invitation/[\\w-]{43}$`));
    await expectNoBarriers(page);
    await dialog.getByRole('button', { name: 'Done' }).click();

    await page.getByLabel('Role of ben').selectOption('lead');
    await expect.poll(async () => (await people().findUser('ben'))?.role).toBe('lead');
    // Nobody changes themselves.
    expect(await page.getByLabel('Role of boss').count()).toBe(0);

    await page.getByRole('button', { name: 'Make a token' }).click();
    await dialog.getByLabel('Name').fill('contact-form');
    await dialog.getByRole('button', { name: 'Make a token' }).click();
    await dialog.getByText(/^swb_/).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expectNoBarriers(page);

    for (const name of ['contact-form', 'ben']) {
      const row = page.getByRole('listitem').filter({ hasText: name });
      await row.getByRole('button', { name: 'Remove' }).click();
      await row.getByRole('button', { name: 'Remove' }).click();
      await row.waitFor({ state: 'detached' });
    }
    expect(await people().findUser('ben')).toBeNull();
    expect(await people().findTokenByName('contact-form')).toBeNull();
    expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
  });

  test('a lead sees the users and changes nothing, on a narrow screen in the dark, in German', async () => {
    await addUser('lea', 'lead');
    await using visit = await started.open('/sign-in?next=/people', {
      ...{ width: 400, colorScheme: 'dark', locale: 'de-DE' },
    });
    const { page } = visit;
    await page.getByLabel('Benutzername').fill('lea');
    await page.getByLabel('Passwort', { exact: true }).fill(password);
    await expectNoBarriers(page);
    await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
    await page.getByRole('listitem').filter({ hasText: 'lea' }).waitFor();
    expect(await page.getByRole('button', { name: /hinzufügen|Entfernen|Link/ }).count()).toBe(0);
    await expectNoBarriers(page);
    const root = 'document.documentElement';
    expect(await page.evaluate(`${root}.scrollWidth <= ${root}.clientWidth`)).toBe(true);

    // Somebody who is removed meanwhile is led to the sign-in page by the next thing that the page asks for.
    await people().removeUser({ id: 'lea', actor });
    await page.getByRole('button', { name: 'Menü' }).click();
    await page.getByRole('link', { name: 'Posteingang' }).click();
    await page.waitForURL('**/sign-in**');
  });
}
