import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sql } from '../base/drizzle.ts';
import { silentLogger } from '../base/logger.ts';
import type { Store, TicketFilter } from '../store/store.ts';
import { sampleClassification, sampleEntry, sampleTicket } from '../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { searchedWords, startStoringWords, storeDueWords } from './store-words.ts';

test('the words of a mail are those that a mail program shows, and those of its sender', () => {
  const words = searchedWords({
    id: 't',
    subject: '=?utf-8?Q?R=C3=BCckgabe?=',
    body: '<p style="color:red">Paket <b>NN-48213</b></p>',
    requester: { name: 'Ana López', email: 'Ana.Lopez@mail.example' },
  });
  expect(words).toEqual(['ruckgabe', 'ana', 'lopez', 'mail', 'example', 'paket', 'nn', '48213']);
});

describe.each(storeKinds)('search in tickets on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const add = (id: string, ticket: Omit<Ticket, 'id'>) =>
      store.tickets.insertMany([sampleTicket({ id, ticket: { id, ...ticket } })]);
    const find = async (text: string, filter: TicketFilter = {}) =>
      (await store.tickets.list({ filter: { ...filter, text } })).items.map(({ ticketId }) => ticketId);

    test('finds tickets of all scripts by words, parts of addresses and beginnings, without accents and case', async () => {
      await add('german', { subject: 'Rückgabe', body: 'Das Gerät NN-48213 ist defekt, zurück an: Straße 5.' });
      await add('english', {
        body: 'Return of order NN-48214',
        requester: { name: 'Zoë Smith', email: 'zoe.smith@mail.example' },
      });
      await add('japanese', { body: '注文番号は48213です。届きません。' });
      await add('arabic', { body: 'لم يصل الطَّلَب بعد' });
      await add('thai', { body: 'ยังไม่ได้รับสินค้า' });
      await add('russian', { subject: 'Возврат', body: 'Ёлка сломана' });
      expect(await find('ruckgabe')).toEqual([]);
      expect(await storeDueWords(store)).toBe(6);
      expect(await storeDueWords(store)).toBe(0);

      expect(await find('RUCKG')).toEqual(['german']);
      expect(await find('strasse')).toEqual(['german']);
      expect(await find('NN-4821')).toEqual(['english', 'german']);
      expect(await find('48213')).toEqual(['japanese', 'german']);
      expect(await find('nn-48213 ')).toEqual(['german']);
      expect(await find('smith@mail')).toEqual(['english']);
      expect(await find('zoe')).toEqual(['english']);
      expect(await find('return zo')).toEqual(['english']);
      expect(await find('retu zoe')).toEqual([]);
      expect(await find('注文')).toEqual(['japanese']);
      expect(await find('番注')).toEqual([]);
      expect(await find('الطلب')).toEqual(['arabic']);
      expect(await find('สินค้า')).toEqual(['thai']);
      expect(await find('возврат елка')).toEqual(['russian']);
      expect(await find(`o'brien & !( | <-> '`)).toEqual([]);
    });

    test('a ticket of the longest words there are keeps no other one from being found', async () => {
      const longest = Array.from({ length: 3_000 }, (_, n) => `${'\ufdfa'.repeat(36)}${n + 1_000}`);
      await add('hostile', { subject: 'hostile', body: longest.join(' ').slice(0, 200_000) });
      await add('beside', { body: 'beside a hostile one' });
      expect(await storeDueWords(store)).toBe(2);
      expect(await find('hostile')).toEqual(['beside', 'hostile']);
    });

    test('a text without words restricts nothing', async () => {
      await add('any', { body: 'anything' });
      expect(await find(' ?! ')).toContain('any');
    });

    test('searches with other filters, among ids, and page by page', async () => {
      for (let n = 0; n < 30; n++) await add(`page-${n}`, { body: `Seite ${n} pagination` });
      await storeDueWords(store);
      const refs = Array.from({ length: 30 }, (_, n) => ({ ticketId: `page-${n}`, revision: 1 }));
      await store.classifications.saveMany(
        refs.map((ref, n) => ({
          ...ref,
          classification: sampleClassification({
            intent: n % 3 === 0 ? 'rare' : 'common',
            language: n % 2 ? 'de' : 'fr',
          }),
        })),
      );
      await store.tickets.markDecided(refs);
      expect(await find('pagination', { intent: [{ within: 'rare', except: [] }] })).toEqual(
        [27, 24, 21, 18, 15, 12, 9, 6, 3, 0].map((n) => `page-${n}`),
      );
      expect(await find('seite', { language: 'fr', intent: [{ within: 'rare', except: [] }] })).toHaveLength(5);
      expect(await find('seite 7', { language: 'fr' })).toEqual([]);
      expect(await find('seite', { ids: ['page-3', 'page-9', 'german', 'unknown'] })).toEqual(['page-9', 'page-3']);
      expect(await find('seite', { receivedBefore: '2020-01-01T00:00:00.000Z' })).toEqual([]);

      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store.tickets.list({ filter: { text: 'seit pagi' }, limit: 7, cursor });
        expect(page.items).toHaveLength(0);
        const found = await store.tickets.list({ filter: { text: 'pagination seite' }, limit: 7, cursor });
        seen.push(...found.items.map(({ ticketId }) => ticketId));
        cursor = found.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => `page-${29 - n}`));
    });

    test('a rare search among many tickets finds what a look at each would find', async () => {
      await store.transaction(({ executor }) =>
        executor.execute(
          sql.raw(`with added as (
          insert into switchboard.tickets (id, connector, external_id, revision, content_hash, state, ticket)
          select 'many-' || n, 'api', 'many-' || n, 1, '', 'received', '{"body": ""}' from generate_series(1, 6000) n)
          select 1`),
        ),
      );
      await store.transaction(({ executor }) =>
        executor.execute(
          sql.raw(`update switchboard.ticket_words w set words = to_tsvector('simple',
            case when t.id like 'many-%' and split_part(t.id, '-', 2)::int <= 5200 then 'bygone' else 'recent' end)
          from switchboard.tickets t where t.position = w.position and w.words is null`),
        ),
      );
      // More than are looked at together, and none among the newest.
      const first = await store.tickets.list({ filter: { text: 'bygone' }, limit: 200 });
      expect(first.items[0]?.ticketId).toBe('many-5200');
      expect(first.items).toHaveLength(200);
      expect(await find('bygone', { ids: ['many-3', 'many-5999'] })).toEqual(['many-3']);
      expect(await find('recent', { ids: ['many-3', 'many-5999'] })).toEqual(['many-5999']);
    });

    test('a new revision is found by its own words, and an erased ticket by none', async () => {
      await add('revised', { body: 'Gammelwort' });
      await storeDueWords(store);
      const due = sampleTicket({
        id: 'revised',
        revision: 2,
        contentHash: 'b',
        ticket: { id: 'revised', body: 'Neuwort' },
      });
      expect(await store.tickets.revise({ ticket: due, fromRevision: 1 })).toBe(true);
      expect(await find('gammelwort')).toEqual([]);
      const [old] = await store.words.due(10);
      expect(old).toMatchObject({ revision: 2 });
      // Words that were read of the revision before come too late.
      await store.words.save([{ position: old?.position ?? 0, revision: 1, words: ['gammelwort'] }]);
      expect(await find('gammelwort')).toEqual([]);
      await storeDueWords(store);
      expect(await find('neuwort')).toEqual(['revised']);
      await store.erasures.deleteTickets(['revised']);
      expect(await find('neuwort')).toEqual([]);
      const { rows } = await store.transaction(({ executor }) =>
        executor.execute(sql`select 1 from switchboard.ticket_words where words @@ 'neuwort'`),
      );
      expect(rows).toEqual([]);
    });

    test('several processes share the tickets, and each ticket is found afterwards', async () => {
      for (let n = 0; n < 90; n++) await add(`shared-${n}`, { body: `geteilt ${n}` });
      const done = await Promise.all([storeDueWords(store), storeDueWords(store), storeDueWords(store)]);
      expect(done.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(90);
      expect(await store.words.due(1)).toEqual([]);
      expect((await store.tickets.list({ filter: { text: 'geteilt' }, limit: 200 })).items).toHaveLength(90);
    });

    test('words are stored soon after a ticket has arrived, until that is stopped', async () => {
      const stop = await startStoringWords({ store, logger: silentLogger }, { turn: async () => true });
      await add('soon', { body: 'alsbald' });
      await store.transaction(({ history }) => history.append([sampleEntry({ ticketId: 'soon', event: 'accepted' })]));
      await vi.waitFor(async () => expect(await find('alsbald')).toEqual(['soon']), { timeout: 5_000 });
      await stop();
      await add('later', { body: 'spaeter' });
      expect(await find('spaeter')).toEqual([]);
    });
  });
});
