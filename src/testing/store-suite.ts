import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../base/actor.ts';
import { InputError } from '../errors.ts';
import type { Delivery } from '../routing/decision.ts';
import { createEventFeed } from '../store/event-feed.ts';
import type { ExampleFilter, Store, TicketFilter } from '../store/store.ts';
import { sampleClassification, sampleDecision, sampleEntry, sampleTicket } from './sample-values.ts';
import type { TestStore } from './test-stores.ts';

const pending: Delivery = { state: 'pending', at: null, reason: null };

/** Tests that every store must pass, whatever database it uses. */
export function describeStore(name: string, options: { skip: boolean; open: () => Promise<TestStore> }): void {
  describe.skipIf(options.skip)(`store on ${name}`, () => {
    let opened: TestStore;
    let store: Store;
    let counter = 0;
    const freshId = () => `${name}-${++counter}`;

    beforeAll(async () => {
      opened = await options.open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const insert = async (overrides: Parameters<typeof sampleTicket>[0]) => {
      await store.tickets.insertMany([sampleTicket(overrides)]);
      return overrides.id;
    };
    const decide = async (ticketId: string, intent: string, team: string) => {
      const ref = { ticketId, revision: 1 };
      const decision = sampleDecision({ id: `d-${ticketId}`, team });
      await store.classifications.saveMany([{ ...ref, classification: sampleClassification({ intent }) }]);
      await store.decisions.saveMany([{ ...ref, decision }]);
      await store.assignments.saveMany([{ ticketId, team, assignee: null, by: systemActor, cause: 'decision' }]);
      await store.tickets.markDecided([ref]);
      return decision;
    };

    test('a stored ticket is read back unchanged', async () => {
      const id = await insert({ id: freshId() });
      const stored = await store.tickets.get(id);
      expect(stored).toMatchObject({ ...sampleTicket({ id }), state: 'received' });
      expect(stored?.receivedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(await store.tickets.get('not-there')).toBeNull();
    });

    test('the same key is inserted once', async () => {
      const [first, second] = [freshId(), freshId()];
      await insert({ id: first, externalId: 'one', connector: 'desk' });
      const inserted = await store.tickets.insertMany([
        sampleTicket({ id: `${first}-again`, externalId: 'one', connector: 'desk' }),
        sampleTicket({ id: second }),
      ]);
      expect([...inserted]).toEqual([second]);
      const found = await store.tickets.findByKeys([
        { connector: 'desk', externalId: 'one' },
        { connector: 'api', externalId: 'one' },
        { connector: 'api', externalId: second },
      ]);
      expect(found.map((ticket) => ticket.id).sort()).toEqual([first, second].sort());
    });

    test('a revision replaces the content once', async () => {
      const id = await insert({ id: freshId() });
      await decide(id, 'a/b', 'orders');
      const next = sampleTicket({ id, revision: 2, contentHash: 'other', ticket: { id, body: 'other words' } });
      expect(await store.tickets.revise({ ticket: next, fromRevision: 1 })).toBe(true);
      expect(await store.tickets.revise({ ticket: next, fromRevision: 1 })).toBe(false);
      expect(await store.tickets.get(id)).toMatchObject({ revision: 2, contentHash: 'other', state: 'received' });
      const record = await store.tickets.getRecord(id);
      expect(record).toMatchObject({ revision: 2, classification: null, decision: null });
    });

    test('marking an older revision as decided leaves the newer one waiting', async () => {
      const id = await insert({ id: freshId(), revision: 2 });
      await store.tickets.markDecided([{ ticketId: id, revision: 1 }]);
      expect((await store.tickets.get(id))?.state).toBe('received');
      await store.tickets.markDecided([{ ticketId: id, revision: 2 }]);
      expect((await store.tickets.get(id))?.state).toBe('decided');
    });

    test('a revision keeps its first decision', async () => {
      const ref = { ticketId: await insert({ id: freshId() }), revision: 1 };
      const first = sampleDecision({ id: `${ref.ticketId}-1` });
      expect(await store.decisions.saveMany([{ ...ref, decision: first }])).toEqual(new Set([first.id]));
      const second = sampleDecision({ id: `${ref.ticketId}-2` });
      expect(await store.decisions.saveMany([{ ...ref, decision: second }])).toEqual(new Set());
      expect(await store.decisions.get(ref)).toEqual(first);
      expect(await store.decisions.getById(first.id)).toMatchObject({ ...ref, decision: first });
      expect(await store.decisions.getById(second.id)).toBeNull();
    });

    test('characters that PostgreSQL cannot store are removed from what engines and people wrote', async () => {
      const ref = { ticketId: await insert({ id: freshId() }), revision: 1 };
      const classification = sampleClassification({ reasoning: 'a\0b\ud800c "\\u0000"' });
      await store.classifications.saveMany([{ ...ref, classification }]);
      expect((await store.classifications.get(ref))?.reasoning).toBe('ab\ufffdc "\\u0000"');
    });

    test('a record has the ticket, its decision, its delivery and its history', async () => {
      const id = await insert({ id: freshId() });
      const decision = await decide(id, 'a/b', 'orders');
      await store.deliveries.openMany([{ decisionId: decision.id, delivery: pending }]);
      await store.history.append([
        sampleEntry({ ticketId: id, event: 'accepted' }),
        sampleEntry({ ticketId: id, event: 'decided' }),
      ]);
      const record = await store.tickets.getRecord(id);
      expect(record).toMatchObject({ ticketId: id, state: 'decided', decision, delivery: pending });
      expect(record?.history.map((entry) => entry.event)).toEqual(['accepted', 'decided']);
      expect(await store.tickets.getRecord('not-there')).toBeNull();
    });

    test('pages run from the newest to the oldest, each ticket once', async () => {
      const connector = freshId();
      const ids = Array.from({ length: 7 }, (_, index) => `${connector}-${index}`);
      for (const id of ids) await insert({ id, connector });
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Store['tickets']['list']>> = await store.tickets.list({
          filter: { connector },
          limit: 3,
          cursor,
        });
        seen.push(...page.items.map((item) => item.ticketId));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(ids.toReversed());
    });

    test('a list can be filtered by state, team, intent and everything below an intent', async () => {
      const connector = freshId();
      const [waiting, billing, order] = [`${connector}-w`, `${connector}-b`, `${connector}-o`];
      for (const id of [waiting, billing, order]) await insert({ id, connector });
      await decide(billing, 'account/billing', 'money');
      await decide(order, 'account_x/orders', 'orders');
      const list = async (filter: TicketFilter) =>
        (await store.tickets.list({ filter: { connector, ...filter } })).items.map((item) => item.ticketId);
      expect(await list({ state: 'received' })).toEqual([waiting]);
      expect(await list({ team: 'money' })).toEqual([billing]);
      expect(await list({ intent: [{ within: 'account/billing', except: [] }] })).toEqual([billing]);
      expect(await list({ intent: [{ within: 'account', except: [] }] })).toEqual([billing]);
      expect(await list({ intent: [{ within: 'account_', except: [] }] })).toEqual([]);
      expect(await list({ abstained: false })).toEqual([order, billing]);
      expect(await list({ abstained: true })).toEqual([]);
    });

    test('a cursor that did not come with a page is an input error', async () => {
      await expect(store.tickets.list({ cursor: 'nonsense' })).rejects.toBeInstanceOf(InputError);
    });

    test('a delivery can end only once', async () => {
      const id = await insert({ id: freshId() });
      const decision = await decide(id, 'a/b', 'orders');
      await store.deliveries.openMany([{ decisionId: decision.id, delivery: pending }]);
      const before = await store.deliveries.countPending();
      const delivered: Delivery = { state: 'delivered', at: '2026-11-22T10:00:00.000Z', reason: null };
      const end = { decisionId: decision.id, delivery: delivered };
      expect(await store.deliveries.finishMany([end])).toEqual(new Set([decision.id]));
      expect(await store.deliveries.finishMany([end])).toEqual(new Set());
      expect(await store.deliveries.get(decision.id)).toEqual(delivered);
      expect(await store.deliveries.countPending()).toBe(before - 1);
    });

    test('a transaction that fails leaves nothing behind', async () => {
      const id = freshId();
      const failure = new RangeError('changed my mind');
      const attempt = store.transaction(async (transaction) => {
        await transaction.tickets.insertMany([sampleTicket({ id })]);
        expect(await transaction.tickets.get(id)).not.toBeNull();
        throw failure;
      });
      await expect(attempt).rejects.toBe(failure);
      expect(await store.tickets.get(id)).toBeNull();
    });

    test('an error of the database does not contain the values of the statement', async () => {
      const secret = 'the text of a ticket';
      const attempt = store.history.append([
        sampleEntry({ ticketId: 'no-such-ticket', event: 'accepted', by: secret, detail: secret }),
      ]);
      const error: unknown = await attempt.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ sqlState: '23503' });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
      expect(error).not.toHaveProperty('cause.cause');
    });

    test('history can be read from a seq on, oldest first', async () => {
      const id = await insert({ id: freshId() });
      const start = await store.history.lastSeq();
      for (const event of ['accepted', 'decided', 'delivered'] as const) {
        await store.history.append([sampleEntry({ ticketId: id, event })]);
      }
      const entries = await store.history.after(start, 10);
      expect(entries.map((entry) => entry.event)).toEqual(['accepted', 'decided', 'delivered']);
      expect(await store.history.after(entries[0]?.seq ?? 0, 1)).toEqual([entries[1]]);
      expect(await store.history.lastSeq()).toBe(entries[2]?.seq);
    });

    test('concurrent writers never commit a seq below one that could already be read', async () => {
      const id = await insert({ id: freshId() });
      let cursor = await store.history.lastSeq();
      const seen: string[] = [];
      let writing = true;
      const reader = (async () => {
        // Read once more after the last writer has finished.
        for (let last = false; !last; ) {
          last = !writing;
          const entries = await store.history.after(cursor, 1_000);
          seen.push(...entries.map((entry) => entry.detail));
          cursor = entries.at(-1)?.seq ?? cursor;
        }
      })();
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let entry = 0; entry < 10; entry++) {
          const options = { releasesEarly: entry % 2 === 0 };
          await store.transaction(async (transaction) => {
            await transaction.history.append([
              sampleEntry({ ticketId: id, event: 'feedback', detail: `${writer}-${entry}` }),
            ]);
            // Some take longer to commit than others.
            for (let wait = (writer * 7 + entry) % 4; wait > 0; wait--) await transaction.executor.execute('select 1');
          }, options);
        }
      });
      await Promise.all(writers);
      writing = false;
      await reader;
      expect(new Set(seen).size).toBe(80);
      expect(seen).toHaveLength(80);
    });

    test('a process that is slow to store what arrives is heard by the others', async () => {
      let heard = 0;
      let wake = () => {};
      const stop = await store.onSlowArrivals(() => {
        heard += 1;
        wake();
      });
      const before = heard;
      const next = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await store.reportSlowArrivals();
      await next;
      expect(heard).toBe(before + 1);
      await stop();
    });

    test('a listener is called after history was committed', async () => {
      const id = await insert({ id: freshId() });
      const heard = Promise.withResolvers<void>();
      const start = await store.history.lastSeq();
      const stop = await store.onHistory(() => {
        store.history.lastSeq().then((seq) => seq > start && heard.resolve(), heard.reject);
      });
      await store.history.append([sampleEntry({ ticketId: id, event: 'accepted' })]);
      await heard.promise;
      await stop();
    });

    test('a listener is called after examples were committed, and they are found by the time of the change', async () => {
      const id = freshId();
      const example = { id, body: 'Where is it?', intent: 'orders/status' };
      const before = new Date(Date.now() - 60_000);
      const heard = Promise.withResolvers<void>();
      const stop = await store.onExamples(() => {
        store.examples.find([id]).then((found) => found.length > 0 && heard.resolve(), heard.reject);
      });
      await store.transaction(({ examples }) => examples.upsert([{ example, source: 'import' }]));
      await heard.promise;
      await stop();
      expect(await store.examples.changedSince(before)).toContainEqual(
        expect.objectContaining({ example, source: 'import', state: 'active' }),
      );
      expect(await store.examples.changedSince(new Date(Date.now() + 60_000))).toEqual([]);
      await store.examples.remove([id]);
    });

    test('a feed delivers missed entries, then new ones, each once and in order', async () => {
      const id = await insert({ id: freshId() });
      const append = (detail: string) =>
        store.history.append([sampleEntry({ ticketId: id, event: 'feedback', detail })]);
      const start = await store.history.lastSeq();
      const details = Array.from({ length: 40 }, (_, index) => `${index}`);
      for (const detail of details.slice(0, 15)) await append(detail);
      const feed = await createEventFeed({ store });
      const late: string[] = [];
      const live: string[] = [];
      const foreign: string[] = [];
      const all = Promise.withResolvers<void>();
      feed.subscribe({ onEvent: (entry) => live.push(entry.detail) });
      feed.subscribe({ afterSeq: start + 1_000_000, onEvent: (entry) => foreign.push(entry.detail) });
      for (const detail of details.slice(15, 25)) await append(detail);
      const unsubscribe = feed.subscribe({
        afterSeq: start,
        onEvent: (entry) => {
          late.push(entry.detail);
          if (late.length === details.length) all.resolve();
        },
      });
      for (const detail of details.slice(25)) await append(detail);
      await all.promise;
      unsubscribe();
      await append('after the end');
      await feed.close();
      expect(late).toEqual(details);
      expect(live.slice(0, 25)).toEqual(details.slice(15));
      // A seq of another database: the feed starts at the present, so the exact start is not fixed.
      expect(details.join()).toContain(foreign.filter((detail) => detail !== 'after the end').join());
      expect(foreign).toContain('39');
    });

    test('examples of files are replaced by id and take precedence; imported and corrected ones stay', async () => {
      const example = (id: string, body: string) => ({ id, body, intent: 'a/b' });
      await store.examples.upsert([
        { example: example('corrected', 'by a person'), source: 'feedback' },
        { example: example('imported', 'from elsewhere'), source: 'import' },
        { example: example('taken', 'from elsewhere'), source: 'import' },
      ]);
      const first = [example('one', '1'), example('two', '2'), example('taken', 'from the file')];
      expect(await store.examples.syncFile(first)).toEqual({ added: 2, changed: 1, unchanged: 0, removed: 0 });
      const second = [example('two', 'two'), example('three', '3'), example('taken', 'from the file')];
      expect(await store.examples.syncFile(second)).toEqual({ added: 1, changed: 1, unchanged: 1, removed: 1 });
      expect(await store.examples.syncFile(second)).toEqual({ added: 0, changed: 0, unchanged: 3, removed: 0 });
      const all = await store.examples.all();
      expect(all.map(({ example: { id, body }, source }) => [id, body, source])).toEqual([
        ['corrected', 'by a person', 'feedback'],
        ['imported', 'from elsewhere', 'import'],
        ['taken', 'from the file', 'file'],
        ['three', '3', 'file'],
        ['two', 'two', 'file'],
      ]);
      expect(await store.examples.remove(['corrected', 'imported', 'nothing'])).toBe(2);
      expect(await store.examples.countBySource()).toEqual({ file: 3, import: 0, feedback: 0 });
      expect([...(await store.examples.countByIntent()).values()].reduce((sum, one) => sum + one, 0)).toBe(3);
    });

    test('numbers of examples follow every change, also one that is rolled back', async () => {
      const intent = `counted/${freshId()}`;
      const example = (id: string) => ({ id: `${intent}-${id}`, intent, body: id });
      const counted = async () => (await store.examples.countByIntent()).get(intent) ?? 0;
      await store.examples.upsert([
        { example: example('a'), source: 'import' },
        { example: example('b'), source: 'feedback' },
        { example: example('c'), source: 'import', state: 'waiting', why: 'new' },
      ]);
      expect(await counted()).toBe(2);
      await store.examples.upsert([{ example: example('c'), source: 'import' }]);
      expect(await counted()).toBe(3);
      await store.examples.upsert([{ example: { ...example('a'), intent: `${intent}-other` }, source: 'import' }]);
      expect(await counted()).toBe(2);
      const attempt = store.transaction(async ({ examples }) => {
        await examples.remove([`${intent}-b`]);
        throw new Error('rolled back');
      });
      await expect(attempt).rejects.toThrow();
      expect(await counted()).toBe(2);
      await store.examples.remove(['a', 'b', 'c'].map((id) => `${intent}-${id}`));
      expect(await counted()).toBe(0);
    });

    test('examples are listed page by page, and filtered by intent, source, state, actor and words', async () => {
      const prefix = freshId();
      const actor = { kind: 'user' as const, id: prefix };
      const stored = (id: string, intent: string, body: string) => ({ id: `${prefix}-${id}`, intent, body });
      await store.examples.upsert([
        { example: stored('a', 'money/refund', 'Money back, please'), source: 'import', actor },
        { example: stored('b', 'money/invoice', '100 % of it'), source: 'import', actor, state: 'waiting', why: 'new' },
        { example: stored('c', 'money_x/other', 'Something else'), source: 'feedback', actor },
      ]);
      const list = async (filter: ExampleFilter, limit = 10, cursor: string | null = null) => {
        const page = await store.examples.list({ filter: { actor: prefix, ...filter }, limit, cursor });
        return [page.items.map(({ example }) => example.id.slice(prefix.length + 1)), page.nextCursor];
      };
      expect(await list({})).toEqual([['a', 'b', 'c'], null]);
      expect(await list({}, 2)).toEqual([['a', 'b'], `${prefix}-b`]);
      expect(await list({}, 2, `${prefix}-b`)).toEqual([['c'], null]);
      expect(await list({ intent: [{ within: 'money', except: [] }] })).toEqual([['a', 'b'], null]);
      expect(await list({ source: 'feedback' })).toEqual([['c'], null]);
      expect(await list({ state: 'waiting' })).toEqual([['b'], null]);
      expect(await list({ id: `${prefix}-b` })).toEqual([['b'], null]);
      expect(await list({ text: 'MONEY back' })).toEqual([['a'], null]);
      expect(await list({ text: '100 %' })).toEqual([['b'], null]);
      expect((await store.examples.all()).map(({ example }) => example.id)).not.toContain(`${prefix}-b`);
      await store.examples.remove(['a', 'b', 'c'].map((id) => `${prefix}-${id}`));
      expect(await list({})).toEqual([[], null]);
      await store.examples.purgeRemoved(new Date(Date.now() + 60_000));
      expect(await store.examples.changedSince(new Date(0))).not.toContainEqual(
        expect.objectContaining({ state: 'removed' }),
      );
    });

    test('the assignment of a ticket can be changed by one transaction at a time', async () => {
      const ticketId = await insert({ id: freshId() });
      const place = (team: string) => ({
        ...{ ticketId, team, assignee: null, cause: 'feedback' as const },
        by: { kind: 'user' as const, id: 'ana' },
      });
      const locked = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      const first = store.transaction(async ({ tickets, assignments }) => {
        expect([...(await tickets.lock([ticketId])).keys()]).toEqual([ticketId]);
        expect(await assignments.getMany([ticketId])).toEqual(new Map());
        locked.resolve();
        await goOn.promise;
        await assignments.saveMany([place('first')]);
      });
      await locked.promise;
      const second = store.transaction(async ({ tickets, assignments, together }) => {
        const [, found] = await together(
          () => tickets.lock([ticketId]),
          () => assignments.getMany([ticketId]),
        );
        const before = found.get(ticketId)?.team;
        await assignments.saveMany([place('second')]);
        return before;
      });
      goOn.resolve();
      await first;
      expect(await second).toBe('first');
      expect(await store.assignments.get(ticketId)).toMatchObject({ team: 'second', by: { kind: 'user', id: 'ana' } });
      await store.assignments.remove(ticketId);
      expect(await store.assignments.get(ticketId)).toBeNull();
    });

    test('a release is kept as it was first saved', async () => {
      const content = { taxonomy: 't', rules: 'r', prompt: null, engine: {}, confidence: {}, calibrations: {} };
      const id = `r-${freshId()}`;
      await store.releases.save({ id, content });
      await store.releases.save({ id, content: { ...content, rules: 'other' } });
      expect(await store.releases.get(id)).toEqual({ id, content });
      expect(await store.releases.get('r-none')).toBeNull();
    });

    test('feedback is kept with the revision it is about', async () => {
      const ref = { ticketId: await insert({ id: freshId() }), revision: 1 };
      const stored = await store.feedback.add({
        ...ref,
        feedback: { intent: 'a/b', rating: 4, comment: 'good' },
        actor: { kind: 'user', id: 'ana' },
        state: 'applied',
        why: null,
      });
      expect(stored).toMatchObject({ ...ref, feedback: { intent: 'a/b', rating: 4, comment: 'good' } });
      expect(await store.feedback.ofTicket(ref.ticketId)).toEqual([stored]);
    });

    test('a session is found by its hash until it is removed, and expired ones are removed together', async () => {
      const expiresAt = '2026-12-22T10:00:00.000Z';
      const open = async (at: string) => {
        const session = { hash: freshId(), actor: { kind: 'user', id: 'browser' }, tokenFingerprint: 'f' } as const;
        await store.sessions.add({ ...session, expiresAt: at });
        return { ...session, expiresAt: at };
      };
      const [kept, ended, old] = [await open(expiresAt), await open(expiresAt), await open('2026-11-01T00:00:00.000Z')];
      await store.sessions.remove(ended.hash);
      expect(await store.sessions.find(old.hash)).toEqual(old);
      await store.sessions.removeExpired(new Date('2026-11-22T10:00:00Z'));
      const found = await Promise.all([kept, ended, old].map(({ hash }) => store.sessions.find(hash)));
      expect(found).toEqual([kept, null, null]);
    });

    const newUser = (invitationHash: string | null = null) => ({
      id: freshId(),
      name: 'Ana',
      role: 'agent' as const,
      invitationHash,
      invitationExpiresAt: invitationHash === null ? null : '2026-11-24T10:00:00.000Z',
    });

    test('an invitation is accepted once, and not when it has expired or a newer one replaced it', async () => {
      const [first, second] = [freshId(), freshId()];
      const user = newUser(first);
      expect(await store.users.add({ user, mayReturn: true })).toBe(true);
      expect(await store.users.find(user.id)).toEqual({
        ...user,
        passwordHash: null,
        createdAt: expect.stringMatching(/Z$/),
        lastSeenAt: null,
      });
      expect((await store.users.findInvited(first))?.id).toBe(user.id);
      await store.users.change(user.id, { invitationHash: second });
      const accept = (invitationHash: string, now: string) =>
        store.users.acceptInvitation({ invitationHash, passwordHash: 'p', now: new Date(now) });
      expect(await accept(first, '2026-11-23T10:00:00Z')).toBeNull();
      expect(await accept(second, '2026-11-24T10:00:00Z')).toBeNull();
      const both = await Promise.all([1, 2].map(() => accept(second, '2026-11-24T09:59:59Z')));
      expect(both.filter((accepted) => accepted !== null)).toMatchObject([
        { id: user.id, passwordHash: 'p', invitationHash: null, invitationExpiresAt: null },
      ]);
      expect(await store.users.findInvited(second)).toBeNull();
    });

    test('a removed user leaves a mark without a password, and comes back only when that is asked for', async () => {
      const user = newUser(freshId());
      await store.users.add({ user, mayReturn: false });
      expect(await store.users.add({ user, mayReturn: true })).toBe(false);
      const at = new Date('2026-11-22T10:00:00Z');
      await store.users.see(user.id, at);
      expect((await store.users.find(user.id))?.lastSeenAt).toBe(at.toISOString());
      expect(await store.users.change(user.id, { role: 'lead', name: 'Ana B.' })).toMatchObject({
        role: 'lead',
        name: 'Ana B.',
      });
      expect([await store.users.remove(user.id), await store.users.remove(user.id)]).toEqual([true, false]);
      expect(await store.users.find(user.id)).toBeNull();
      expect(await store.users.findInvited(user.invitationHash ?? '')).toBeNull();
      expect(await store.users.change(user.id, { role: 'admin' })).toBeNull();
      expect((await store.users.all()).map(({ id }) => id)).not.toContain(user.id);
      expect(await store.users.add({ user, mayReturn: false })).toBe(false);
      expect(await store.users.add({ user, mayReturn: true })).toBe(true);
      expect(await store.users.find(user.id)).toMatchObject({ role: 'agent', passwordHash: null, lastSeenAt: null });
    });

    test('a token is found by its hash or name until it is removed, and no two have the same name', async () => {
      const by = { kind: 'user', id: 'ana' } as const;
      const token = { id: freshId(), name: freshId(), role: 'agent' as const, hash: freshId(), by };
      expect(await store.tokens.add(token)).toBe(true);
      expect(await store.tokens.add({ ...token, id: freshId(), hash: freshId() })).toBe(false);
      const stored = { ...token, createdAt: expect.stringMatching(/Z$/), lastUsedAt: null };
      expect(await store.tokens.findByHash(token.hash)).toEqual(stored);
      expect(await store.tokens.findByName(token.name)).toEqual(stored);
      expect(await store.tokens.all()).toContainEqual(stored);
      const at = new Date('2026-11-22T10:00:00Z');
      await store.tokens.use(token.id, at);
      expect(await store.tokens.remove(token.name)).toMatchObject({ id: token.id, lastUsedAt: at.toISOString() });
      expect([await store.tokens.remove(token.id), await store.tokens.findByHash(token.hash)]).toEqual([null, null]);
    });

    test('tickets, events and decisions are counted as they happen', async () => {
      const id = await insert({ id: freshId() });
      const accept = sampleEntry({ ticketId: id, event: 'accepted' });
      // The other tests inserted tickets without history.
      await store.history.append(Array.from({ length: await store.tickets.countWaiting() }, () => accept));
      const before = await store.tickets.count();
      const counted = async (name: string, labels: object) =>
        (await store.counters.all()).find(
          (counter) => counter.name === name && JSON.stringify(counter.labels) === JSON.stringify(labels),
        )?.value ?? 0;
      const accepted = await counted('events', { event: 'accepted' });
      await store.history.append([accept]);
      expect(await store.tickets.count()).toEqual({ ...before, decided: before.decided + 1 });
      await decide(id, 'a/b', 'orders');
      await store.history.append([sampleEntry({ ticketId: id, event: 'decided' })]);
      expect(await store.tickets.count()).toEqual({ received: before.received - 1, decided: before.decided + 2 });
      expect(await counted('events', { event: 'accepted' })).toBe(accepted + 1);
      const labels = { stage: 'local', model: '', team: 'orders', intent: 'orders/status', abstained: 'false' };
      expect(await counted('decisions', labels)).toBeGreaterThan(0);
    });

    test('the oldest waiting ticket waits since it was received, or since it last changed', async () => {
      const [changed, unchanged] = [freshId(), freshId()];
      const run = (text: string) => store.transaction(async ({ executor }) => void (await executor.execute(text)));
      const hours = async () => Math.round(((await store.tickets.oldestWaitingSeconds()) ?? Number.NaN) / 3_600);
      const ago = (count: number) => `clock_timestamp() - interval '${count} hours'`;
      await run(`update switchboard.tickets set state = 'decided'`); // The other tests left some.
      expect(await store.tickets.oldestWaitingSeconds()).toBe(null);
      await insert({ id: changed });
      await insert({ id: unchanged });
      await run(`update switchboard.tickets set received_at = ${ago(200)} where id = '${changed}'`);
      await run(`update switchboard.tickets set received_at = ${ago(20)} where id = '${unchanged}'`);
      expect(await hours()).toBe(200);
      await store.history.append([sampleEntry({ ticketId: changed, event: 'revised' })]);
      await store.tickets.revise({ ticket: sampleTicket({ id: changed, revision: 2 }), fromRevision: 1 });
      for (const [changedAgo, oldest] of [
        [30, 30],
        [10, 20],
      ] as const) {
        await run(`update switchboard.history set at = ${ago(changedAgo)} where ticket_id = '${changed}'`);
        expect(await hours()).toBe(oldest);
      }
      await store.tickets.markDecided([{ ticketId: unchanged, revision: 1 }]);
      expect(await hours()).toBe(10);
    });
  });
}
