// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotFoundError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { createPipelineFixture } from '../testing/pipeline-fixture.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import { eraseTickets, previewErasure } from './erase.ts';
import { importExamples } from './learn/change-examples.ts';
import { giveFeedback } from './learn/give-feedback.ts';
import { createPipeline } from './pipeline.ts';

describe.each(storeKinds)('erasing on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    let counter = 0;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const actor = { kind: 'user', id: 'ana' } as const;
    const start = (options: Omit<Parameters<typeof createPipelineFixture>[0], 'store'> = {}) => {
      const fixture = createPipelineFixture({ store, ...options });
      const pipeline = createPipeline(fixture.context);
      const take = (email = `customer-${++counter}@example.com`, body = 'It broke') =>
        pipeline.intake({ connector: 'api', actor, ticket: { id: `t-${++counter}`, body, requester: { email } } });
      const correct = (ticketId: string) =>
        giveFeedback(fixture.context, { ticketId, feedback: { intent: 'orders/returns' }, actor });
      return { ...fixture, pipeline, take, correct };
    };
    const decisionOf = async (ticketId: string) =>
      (await store.decisions.get({ ticketId, revision: 1 }))?.id ?? 'no decision';
    const newestEvent = async () => {
      const [entry] = await store.history.after((await store.history.lastSeq()) - 1, 1);
      return entry;
    };

    test('a ticket is erased with its example, and its id can be used again', async () => {
      const { context, pipeline, take, correct } = start();
      const { ticketId } = await take('lea@example.com');
      await correct(ticketId);
      const { ticketId: other } = await take();
      await correct(other);
      const preview = await previewErasure(context, { ticketId });
      const erased = await eraseTickets(context, { what: { ticketId }, actor });
      expect(erased).toEqual({ ticketIds: [ticketId], examples: 1, ownExampleIds: [] });
      expect(preview).toEqual(erased);
      expect(await store.tickets.getRecord(ticketId)).toBeNull();
      expect(await store.examples.ofTicket(ticketId)).toEqual([]);
      expect(await store.examples.ofTicket(other)).toHaveLength(1);
      const again = { connector: 'api', actor, ticket: { id: ticketId, body: 'Something else' } };
      expect(await pipeline.intake(again)).toMatchObject({ status: 'accepted', ticketId });
    });

    test('every ticket and imported example of a requester is erased, in any letter case, and nothing else', async () => {
      const { context, take, correct } = start();
      const mine = [await take('Mia@Example.com'), await take('mia@example.COM')].map(({ ticketId }) => ticketId);
      await correct(mine[0] ?? '');
      const { ticketId: another } = await take('mia+work@example.com');
      const requester = { email: 'mia@example.com' };
      const imported = { id: 'imported-mia', body: 'A lullaby', intent: 'orders/status', requester };
      await importExamples(context, { examples: [imported], actor });
      await store.examples.syncFile([{ id: 'own-mia', body: 'From the file', intent: 'orders/status', requester }]);

      const preview = await previewErasure(context, { requester: 'MIA@EXAMPLE.COM' });
      const erased = await eraseTickets(context, { what: { requester: 'MIA@EXAMPLE.COM' }, actor });
      expect(erased).toEqual({ ticketIds: mine, examples: 2, ownExampleIds: ['own-mia'] });
      expect(preview).toEqual(erased);
      expect(await store.tickets.get(another)).not.toBeNull();
      const left = (await store.examples.all()).filter(({ example }) => example.id.endsWith('-mia'));
      expect(left).toMatchObject([{ example: { id: 'own-mia' } }]);
      await store.examples.syncFile([]);
    });

    test('the history says how many tickets were erased and by whom, but not whose they were', async () => {
      const { context, take, correct } = start();
      const { ticketId } = await take('noa@example.com');
      await correct(ticketId);
      await eraseTickets(context, { what: { requester: 'noa@example.com' }, actor });
      const entry = await newestEvent();
      expect(entry).toMatchObject({
        ...{ ticketId: null, event: 'tickets-erased', by: 'ana', actor },
        facts: { tickets: 1, examples: 1 },
      });
      expect(JSON.stringify(entry)).not.toContain('noa@');
      expect(JSON.stringify(entry)).not.toContain(ticketId);
    });

    test('erasing again finds nothing and writes nothing', async () => {
      const { context, take } = start();
      const { ticketId } = await take('pia@example.com');
      await eraseTickets(context, { what: { ticketId }, actor });
      const before = await store.history.lastSeq();
      const nothing = { ticketIds: [], examples: 0, ownExampleIds: [] };
      expect(await eraseTickets(context, { what: { ticketId }, actor })).toEqual(nothing);
      expect(await eraseTickets(context, { what: { requester: 'pia@example.com' }, actor })).toEqual(nothing);
      expect(await store.history.lastSeq()).toBe(before);
    });

    test('the mark for engines to forget an example has no text of it', async () => {
      const { context, take, correct } = start();
      const { ticketId } = await take('kim@example.com', 'The gizmo hums in F sharp');
      const { id } = await correct(ticketId);
      await eraseTickets(context, { what: { ticketId }, actor });
      const changed = await store.examples.changedSince(new Date(0));
      expect(changed.find(({ example }) => example.id === `feedback:${ticketId}:${id}`)).toMatchObject({
        ...{ state: 'removed', ticketId: null },
        example: { id: `feedback:${ticketId}:${id}`, intent: 'orders/returns' },
      });
      expect(JSON.stringify(changed)).not.toContain('gizmo hums in F sharp');
    });

    test('a requester with more tickets than fit in one transaction is erased completely', async () => {
      const { context, pipeline } = start();
      const requester = { email: 'many@example.com' };
      const tickets = Array.from({ length: 230 }, (_, i) => ({ id: `many-${i}`, body: 'It broke', requester }));
      await Promise.all(tickets.map((ticket) => pipeline.intake({ connector: 'api', actor, ticket })));
      const erased = await eraseTickets(context, { what: { requester: 'many@example.com' }, actor });
      expect(erased.ticketIds).toHaveLength(230);
      expect(await store.erasures.findTickets('many@example.com')).toEqual([]);
    });

    test('a ticket that is erased while it is classified stays erased, and the others of its group are decided', async () => {
      const reading = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      const { context, pipeline, take, jobs } = start({
        classify: async () => {
          reading.resolve();
          await goOn.promise;
          return sampleClassification({ intent: 'orders/status' });
        },
      });
      const [gone, kept] = [await take(), await take()];
      const decided = Promise.all([pipeline.decide.decide(gone), pipeline.decide.decide(kept)]);
      await reading.promise;
      await eraseTickets(context, { what: { ticketId: gone.ticketId }, actor });
      goOn.resolve();
      await decided;
      expect(await store.tickets.getRecord(gone.ticketId)).toBeNull();
      expect(await store.tickets.get(kept.ticketId)).toMatchObject({ state: 'decided' });
      expect(jobs.filter(({ name }) => name === 'deliver')).toHaveLength(1);
      // Giving up the erased ticket's job also stores nothing.
      await pipeline.decide.decide(gone);
      await pipeline.decide.giveUp(gone, 'it failed too often');
      expect(await store.tickets.getRecord(gone.ticketId)).toBeNull();
    });

    test.each(['it is decided', 'it is revised'])(
      'a new ticket with the id of one that was erased while it was classified gets nothing of it, when %s meanwhile',
      async (meanwhile) => {
        const reading = Promise.withResolvers<void>();
        const goOn = Promise.withResolvers<void>();
        const { context, pipeline } = start({
          classify: async ({ ticket }) => {
            if (ticket.body === 'The gizmo hums in F sharp') {
              reading.resolve();
              await goOn.promise;
            }
            return sampleClassification({ intent: 'orders/status', reasoning: `About: ${ticket.body}` });
          },
        });
        const source = { connector: 'desk', externalId: `e-${++counter}` };
        const send = (body: string) => pipeline.intake({ connector: 'desk', actor, ticket: { body, source } });
        const old = await send('The gizmo hums in F sharp');
        const first = pipeline.decide.decide(old);
        await reading.promise;
        await eraseTickets(context, { what: { ticketId: old.ticketId }, actor });
        let again = await send('My parcel is late');
        if (meanwhile === 'it is revised') again = await send('My parcel is very late');
        const second = pipeline.decide.decide(again);
        goOn.resolve();
        await Promise.all([first, second]);
        const record = await store.tickets.getRecord(old.ticketId);
        expect(record?.classification?.reasoning).toBe(`About: ${record?.ticket.body}`);
        expect(record?.history.filter(({ event }) => event === 'decided')).toHaveLength(1);
        expect(await store.classifications.get({ ...old, revision: 1 })).toEqual(
          again.revision === 1 ? record?.classification : null,
        );
      },
    );

    test('a ticket that is erased while its decision is written leaves nothing behind', async () => {
      const writing = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      const { context, pipeline, take, takenOut } = start({
        deliver: async () => {
          writing.resolve();
          await goOn.promise;
          return { state: 'delivered', detail: 'written' };
        },
      });
      const ref = await take();
      await pipeline.decide.decide(ref);
      const decisionId = await decisionOf(ref.ticketId);
      const delivered = pipeline.deliver.deliver(decisionId);
      await writing.promise;
      await eraseTickets(context, { what: { ticketId: ref.ticketId }, actor });
      goOn.resolve();
      await delivered;
      expect(takenOut).toEqual([ref.ticketId]);
      expect(await store.deliveries.get(decisionId)).toBeNull();
      await pipeline.deliver.deliver(decisionId);
      await pipeline.deliver.giveUp(decisionId, 'it failed too often');
      expect(await store.tickets.getRecord(ref.ticketId)).toBeNull();
    });

    test('feedback on a ticket that is erased meanwhile makes no example', async () => {
      const { context, take, correct } = start();
      const { ticketId } = await take();
      await eraseTickets(context, { what: { ticketId }, actor });
      await expect(correct(ticketId)).rejects.toBeInstanceOf(NotFoundError);
      expect(await store.erasures.findExamplesOfTickets([ticketId])).toEqual([]);
    });
  });
});
