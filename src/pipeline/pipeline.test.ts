// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClassifierError, ConflictError, ConnectorError, InputError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { createPipelineFixture } from '../testing/pipeline-fixture.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import type { IntakeRequest } from './intake.ts';
import { giveFeedback } from './learn/give-feedback.ts';
import { createPipeline } from './pipeline.ts';

describe.each(storeKinds)('pipeline on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    let counter = 0;
    const freshId = () => `t-${++counter}`;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const start = (options: Omit<Parameters<typeof createPipelineFixture>[0], 'store'> = {}) => {
      const fixture = createPipelineFixture({ store, ...options });
      return { ...fixture, pipeline: createPipeline(fixture.context) };
    };
    const actor = { kind: 'token', id: 'api' } as const;
    const api = (id: string | undefined, body: string) => ({ connector: 'api', ticket: { id, body }, actor });
    const desk = (externalId: string, body: string) => ({
      connector: 'desk',
      actor: { kind: 'connector', id: 'desk' } as const,
      ticket: { body, source: { connector: 'desk', externalId, url: 'https://desk.example/1' } },
    });

    describe('intake', () => {
      test('stores the ticket with its key, queues it, and records in its history what was repaired', async () => {
        const { pipeline, jobs } = start();
        const id = freshId();
        const notes = ['The body was cut.'];
        const result = await pipeline.intake({ ...api(id, 'Where is it?'), notes });
        expect(result).toEqual({ status: 'accepted', ticketId: id, revision: 1 });
        expect(jobs).toEqual([{ name: 'decide', payload: { ticketId: id, revision: 1 } }]);
        expect((await store.tickets.get(id))?.ticket).toEqual({
          id,
          body: 'Where is it?',
          createdAt: '2026-11-22T10:00:00.000Z',
          source: { connector: 'api', externalId: id },
        });
        expect(await store.history.ofTicket(id)).toMatchObject([
          { event: 'accepted', by: 'api', detail: 'The body was cut.' },
        ]);
      });

      test('an id that no URL can contain is refused', async () => {
        const { pipeline, jobs } = start();
        for (const id of ['.', '..']) {
          await expect(pipeline.intake(api(id, 'Where is it?'))).rejects.toBeInstanceOf(InputError);
        }
        expect(jobs).toEqual([]);
      });

      test('a ticket without id gets one', async () => {
        const { pipeline } = start();
        const { ticketId } = await pipeline.intake(api(undefined, 'Where is it?'));
        expect(ticketId).toMatch(/^t-/);
        expect(await store.tickets.get(ticketId)).toMatchObject({ externalId: ticketId });
      });

      test('the same key with the same content returns the first result and is queued once', async () => {
        const { pipeline, jobs, eventsOf } = start();
        const id = freshId();
        await pipeline.intake(api(id, 'Where is it?'));
        expect(await pipeline.intake(api(id, 'Where is it?'))).toEqual({
          status: 'repeated',
          ticketId: id,
          revision: 1,
        });
        expect(jobs).toHaveLength(1);
        expect(await eventsOf(id)).toEqual(['accepted']);
      });

      test('the same key with other content is a conflict through the API', async () => {
        const { pipeline } = start();
        const id = freshId();
        await pipeline.intake(api(id, 'Where is it?'));
        await expect(pipeline.intake(api(id, 'Something else'))).rejects.toBeInstanceOf(ConflictError);
        expect((await store.tickets.get(id))?.ticket.body).toBe('Where is it?');
      });

      test('the same key with other content from a helpdesk is a new revision and queued again', async () => {
        const { pipeline, jobs, eventsOf } = start();
        const externalId = freshId();
        const first = await pipeline.intake(desk(externalId, 'Where is it?'));
        const second = await pipeline.intake(desk(externalId, 'Where is it? It was due yesterday.'));
        const ticketId = `desk:${externalId}`;
        expect([first, second]).toEqual([
          { status: 'accepted', ticketId, revision: 1 },
          { status: 'revised', ticketId, revision: 2 },
        ]);
        expect(jobs.map((job) => job.payload)).toEqual([
          { ticketId, revision: 1 },
          { ticketId, revision: 2 },
        ]);
        expect(await eventsOf(ticketId)).toEqual(['accepted', 'revised']);
      });

      test('a ticket posted with a helpdesk as source gets the key of that helpdesk and is not decided twice', async () => {
        const { pipeline, jobs } = start();
        const externalId = freshId();
        const posted = { ...api(undefined, 'Where is it?') };
        const source = { connector: 'desk', externalId };
        const first = await pipeline.intake({ ...posted, ticket: { ...posted.ticket, source } });
        expect(first).toEqual({ status: 'accepted', ticketId: `desk:${externalId}`, revision: 1 });
        expect(await pipeline.intake(desk(externalId, 'Where is it?'))).toMatchObject({ status: 'repeated' });
        expect(jobs).toHaveLength(1);
        expect(await store.tickets.get(first.ticketId)).toMatchObject({ connector: 'desk', externalId });
        const other = { ...posted.ticket, body: 'Something else', source };
        await expect(pipeline.intake({ ...posted, ticket: other })).rejects.toBeInstanceOf(ConflictError);
      });

      test('a source with an unknown connector or a key that differs from the id is refused', async () => {
        const { pipeline } = start();
        const post = (ticket: object) =>
          pipeline
            .intake({ connector: 'api', actor, ticket: { body: 'x', ...ticket } })
            .catch((error: unknown) => error);
        const refused = [
          await post({ source: { connector: 'dsk', externalId: '1' } }),
          await post({ id: 'mine', source: { connector: 'desk', externalId: '1' } }),
          await post({ id: 'mine', source: { connector: 'api', externalId: 'other' } }),
        ];
        for (const error of refused) expect(error).toBeInstanceOf(InputError);
        expect(refused.map((error) => (error instanceof Error ? error.message : ''))).toEqual([
          'source.connector is "dsk", but no connector has this name (configured: api, desk). Did you mean "desk"?',
          'The ticket has the id "mine", but in the connector "desk" it has the id "1" (source.externalId). Leave out the id: the ticket gets the id "desk:1".',
          'The ticket has the id "mine" and the source.externalId "other". Through the API both must be the same: leave one of them out.',
        ]);
      });

      test('a key that arrives several times at once is stored once, and each caller gets its own result', async () => {
        const { pipeline, jobs } = start();
        const [id, externalId] = [freshId(), freshId()];
        const results = await Promise.allSettled([
          pipeline.intake(api(id, 'one')),
          pipeline.intake(api(id, 'one')),
          pipeline.intake(api(id, 'two')),
          pipeline.intake(desk(externalId, 'one')),
          pipeline.intake(desk(externalId, 'two')),
        ]);
        expect(
          results.map((result) => (result.status === 'fulfilled' ? result.value.status : result.reason.code)),
        ).toEqual(['accepted', 'repeated', 'conflict', 'accepted', 'revised']);
        expect(jobs).toHaveLength(3);
      });

      test('an id that starts with the name of a connector is refused', async () => {
        const { pipeline } = start();
        await expect(pipeline.intake(api('desk:77', 'x'))).rejects.toBeInstanceOf(InputError);
        expect(await store.tickets.get('desk:77')).toBeNull();
      });

      test('a ticket of a helpdesk without the id of the helpdesk is refused', async () => {
        const { pipeline } = start();
        const attempt = pipeline.intake({ ...desk('1', 'x'), ticket: { body: 'x' } });
        await expect(attempt).rejects.toBeInstanceOf(InputError);
      });

      test('a ticket that cannot be queued is not stored, and the others of its group are', async () => {
        const [good, bad] = [freshId(), freshId()];
        const { pipeline } = start({
          enqueue: async (_name, payloads) => {
            if (payloads.some((payload) => 'ticketId' in payload && payload.ticketId === bad)) {
              throw new RangeError('no room in the queue');
            }
          },
        });
        const [goodResult, badResult] = await Promise.allSettled([
          pipeline.intake(api(good, 'x')),
          pipeline.intake(api(bad, 'x')),
        ]);
        expect(goodResult).toMatchObject({ status: 'fulfilled', value: { status: 'accepted' } });
        expect(badResult.status).toBe('rejected');
        expect(await store.tickets.get(bad)).toBeNull();
        expect(await store.tickets.get(good)).not.toBeNull();
      });

      test('a hundred tickets at once share transactions', async () => {
        const batches: number[] = [];
        const { pipeline } = start({
          enqueue: async (_name, payloads) => {
            batches.push(payloads.length);
          },
        });
        await Promise.all(Array.from({ length: 100 }, () => pipeline.intake(api(freshId(), 'x'))));
        expect(batches.reduce((sum, size) => sum + size, 0)).toBe(100);
        expect(batches.length).toBeLessThan(5);
      });
    });

    test('the delivery job of a background ticket is a background job too', async () => {
      const { pipeline, jobs } = start();
      const ref = await pipeline.intake({ ...api(freshId(), 'Where is it?'), lane: 'background' });
      await pipeline.decide.decide({ ...ref, lane: 'background' });
      expect(jobs).toMatchObject([
        { name: 'decide', payload: { lane: 'background' } },
        { name: 'deliver', payload: { lane: 'background' } },
      ]);
    });

    describe('decide', () => {
      test('saves the classification and the decision, queues the delivery, and records it in the history', async () => {
        const { pipeline, jobs, eventsOf } = start();
        const { ticketId, revision } = await pipeline.intake(api(freshId(), 'Where is it?'));
        await pipeline.decide.decide({ ticketId, revision });
        const record = await store.tickets.getRecord(ticketId);
        expect(record).toMatchObject({
          state: 'decided',
          classification: { intent: 'orders/status' },
          decision: { team: 'orders', rule: 'orders', mode: 'auto' },
          delivery: { state: 'pending' },
        });
        expect(jobs.at(-1)).toEqual({
          name: 'deliver',
          payload: { decisionId: record?.decision?.id, connector: 'api' },
        });
        expect(await eventsOf(ticketId)).toEqual(['accepted', 'decided']);
      });

      test('running it again, later or at the same time, pays and decides once', async () => {
        const { pipeline, jobs, eventsOf, classifierCalls } = start();
        const ref = await pipeline.intake(api(freshId(), 'Where is it?'));
        await Promise.all([pipeline.decide.decide(ref), pipeline.decide.decide(ref)]);
        const first = await store.decisions.get(ref);
        await pipeline.decide.decide(ref);
        expect(await store.decisions.get(ref)).toEqual(first);
        expect(classifierCalls).toHaveLength(1);
        expect(await eventsOf(ref.ticketId)).toEqual(['accepted', 'decided']);
        expect(jobs.filter((job) => job.name === 'deliver')).toHaveLength(1);
      });

      test('two processes that decide at the same time leave one decision', async () => {
        const { pipeline: one, eventsOf } = start();
        const { pipeline: other } = start();
        const refs = await Promise.all(Array.from({ length: 20 }, () => one.intake(api(freshId(), 'Where is it?'))));
        await Promise.all(refs.flatMap((ref) => [one.decide.decide(ref), other.decide.decide(ref)]));
        for (const { ticketId } of refs) expect(await eventsOf(ticketId)).toEqual(['accepted', 'decided']);
      });

      test('a save that failed is tried again without paying again', async () => {
        let fails = true;
        const { pipeline, classifierCalls, eventsOf } = start({
          enqueue: async (name) => {
            if (name === 'deliver' && fails) throw new RangeError('the disk is full');
          },
        });
        const ref = await pipeline.intake(api(freshId(), 'Where is it?'));
        await expect(pipeline.decide.decide(ref)).rejects.toThrow('the disk is full');
        expect((await store.tickets.get(ref.ticketId))?.state).toBe('received');
        fails = false;
        await pipeline.decide.decide(ref);
        expect(classifierCalls).toHaveLength(1);
        expect(await eventsOf(ref.ticketId)).toEqual(['accepted', 'decided']);
      });

      test('an engine that failed can be called again', async () => {
        let fails = true;
        const { pipeline } = start({
          classify: async () => {
            if (!fails) return sampleClassification({ intent: 'orders/returns' });
            throw new ClassifierError({ classifier: 'fake', retryable: true, message: 'busy' });
          },
        });
        const ref = await pipeline.intake(api(freshId(), 'x'));
        await expect(pipeline.decide.decide(ref)).rejects.toThrow('busy');
        fails = false;
        await pipeline.decide.decide(ref);
        expect((await store.classifications.get(ref))?.intent).toBe('orders/returns');
      });

      test('a ticket that cannot be classified goes to the triage team, with the reason', async () => {
        const { pipeline, classifierCalls } = start();
        const ref = await pipeline.intake(api(freshId(), 'x'));
        await pipeline.decide.giveUp(ref, 'no engine answered');
        expect(await store.tickets.getRecord(ref.ticketId)).toMatchObject({
          state: 'decided',
          classification: { intent: null, abstained: true, stage: 'none', stageReason: 'no engine answered' },
          decision: { team: 'triage' },
        });
        expect(classifierCalls).toEqual([]);
      });

      test('a ticket goes to triage even when the rules cannot be applied', async () => {
        const { context } = start();
        const broken = createPipeline({
          ...context,
          routing: {
            ...context.routing,
            get routing(): never {
              throw new RangeError('these rules make no sense');
            },
          },
        });
        const ref = await broken.intake(api(freshId(), 'x'));
        await expect(broken.decide.decide(ref)).rejects.toThrow();
        await broken.decide.giveUp(ref, 'the rules failed');
        const decision = await store.decisions.get(ref);
        expect(decision).toMatchObject({ team: 'triage', rule: 'triage' });
        expect(decision?.because).toContain('the rules failed');
      });

      test('a new revision of a ticket that a person moved stays there and is neither classified nor delivered', async () => {
        const { context, pipeline, classifierCalls, jobs, eventsOf } = start();
        const number = freshId();
        const first = await pipeline.intake(desk(number, 'Where is it?'));
        await pipeline.decide.decide(first);
        await giveFeedback(context, { ticketId: first.ticketId, feedback: { team: 'triage', by: 'lucia' }, actor });
        for (const body of ['Where is it now?', 'Hello?']) {
          await pipeline.decide.decide(await pipeline.intake(desk(number, body)));
        }
        expect(classifierCalls).toEqual([first.ticketId]);
        expect(jobs.filter(({ name }) => name === 'deliver')).toHaveLength(1);
        const record = await store.tickets.getRecord(first.ticketId);
        expect(record).toMatchObject({
          revision: 3,
          state: 'decided',
          classification: { intent: 'orders/status', costUsd: 0 },
          decision: { team: 'triage', rule: 'moved' },
          delivery: { state: 'skipped' },
        });
        expect(record?.history.findLast(({ event }) => event === 'decided')).toMatchObject({
          by: 'lucia',
          detail: 'It stays with the team "triage" because lucia assigned it there; a decision does not change that.',
        });
        expect((await eventsOf(first.ticketId)).filter((event) => event === 'decided')).toHaveLength(3);
      });

      const placeOf = async (ticketId: string) => (await store.tickets.getRecord(ticketId))?.assignment;

      test('a decision assigns the ticket, and a later move by a person overrides the next decision', async () => {
        const { context, pipeline } = start();
        const { ticketId, revision } = await pipeline.intake(api(freshId(), 'Where is it?'));
        expect(await placeOf(ticketId)).toBeNull();
        await pipeline.decide.decide({ ticketId, revision });
        expect(await placeOf(ticketId)).toMatchObject({ team: 'orders', by: { kind: 'system' }, cause: 'decision' });
        await giveFeedback(context, { ticketId, feedback: { team: 'triage' }, actor });
        expect(await placeOf(ticketId)).toMatchObject({ team: 'triage', by: actor, cause: 'feedback' });
      });

      test('a ticket that a person moved before its first decision stays there, and nothing is written', async () => {
        const { context, pipeline, jobs } = start();
        const ref = await pipeline.intake(api(freshId(), 'Where is it?'));
        await giveFeedback(context, { ticketId: ref.ticketId, feedback: { team: 'triage', by: 'lucia' }, actor });
        await pipeline.decide.decide(ref);
        expect(await store.tickets.getRecord(ref.ticketId)).toMatchObject({
          classification: { intent: 'orders/status' },
          decision: { team: 'triage', rule: 'moved' },
          assignment: { team: 'triage', by: actor },
          delivery: { state: 'skipped', reason: 'lucia moved the ticket: nothing is written' },
        });
        expect(jobs.filter(({ name }) => name === 'deliver')).toEqual([]);
      });

      test('a ticket that a person moves while it is classified stays there', async () => {
        const asked = Promise.withResolvers<void>();
        const answer = Promise.withResolvers<void>();
        const { context, pipeline } = start({
          classify: async () => {
            asked.resolve();
            await answer.promise;
            return sampleClassification({ intent: 'orders/status' });
          },
        });
        const ref = await pipeline.intake(api(freshId(), 'Where is it?'));
        const deciding = pipeline.decide.decide(ref);
        await asked.promise;
        await giveFeedback(context, { ticketId: ref.ticketId, feedback: { team: 'triage' }, actor });
        answer.resolve();
        await deciding;
        expect(await store.tickets.getRecord(ref.ticketId)).toMatchObject({
          decision: { team: 'triage', rule: 'moved' },
          delivery: { state: 'skipped' },
        });
      });

      test('a new revision is decided again after feedback without a team', async () => {
        const { context, pipeline, classifierCalls } = start();
        const number = freshId();
        const first = await pipeline.intake(desk(number, 'Where is it?'));
        await pipeline.decide.decide(first);
        await giveFeedback(context, { ticketId: first.ticketId, feedback: { rating: 2 }, actor });
        await pipeline.decide.decide(await pipeline.intake(desk(number, 'Where is it now?')));
        expect(classifierCalls).toHaveLength(2);
      });

      test('a revision that was replaced while it waited is not decided', async () => {
        const { pipeline, eventsOf } = start();
        const externalId = freshId();
        const first = await pipeline.intake(desk(externalId, 'one'));
        const second = await pipeline.intake(desk(externalId, 'two'));
        await pipeline.decide.decide(first);
        expect(await store.decisions.get(first)).toBeNull();
        await pipeline.decide.decide(second);
        expect(await eventsOf(second.ticketId)).toEqual(['accepted', 'revised', 'decided']);
      });

      /** Two revisions of a ticket that are classified at the same time, for two teams, each until it is released. */
      const startTwoRevisions = async () => {
        const calls = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
        const releases = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
        const { pipeline } = start({
          classify: async ({ ticket }) => {
            const index = ticket.body === 'one' ? 0 : 1;
            calls[index].resolve();
            await releases[index].promise;
            return sampleClassification({ intent: index === 0 ? null : 'orders/status' });
          },
        });
        const externalId = freshId();
        const decide = async (body: string) => pipeline.decide.decide(await pipeline.intake(desk(externalId, body)));
        const first = decide('one');
        await calls[0].promise;
        const second = decide('two');
        await calls[1].promise;
        return { ticketId: `desk:${externalId}`, releases, first, second };
      };

      test('a revision that takes longer to classify than the next one does not take its team', async () => {
        const { ticketId, releases, first, second } = await startTwoRevisions();
        releases[1].resolve();
        await second;
        releases[0].resolve();
        await first;
        expect(await store.decisions.get({ ticketId, revision: 1 })).toMatchObject({ team: 'triage' });
        expect(await store.assignments.get(ticketId)).toMatchObject({ team: 'orders' });
      });

      test('two revisions that are saved together leave the ticket with the team of the later one', async () => {
        const { ticketId, releases, first, second } = await startTwoRevisions();
        for (const { resolve } of releases) resolve();
        await Promise.all([first, second]);
        expect(await store.assignments.get(ticketId)).toMatchObject({ team: 'orders' });
      });

      test('shadow mode writes nothing and queues no delivery', async () => {
        const { pipeline, jobs, eventsOf } = start({ mode: 'shadow' });
        const ref = await pipeline.intake(api(freshId(), 'x'));
        await pipeline.decide.decide(ref);
        expect(jobs.filter((job) => job.name === 'deliver')).toEqual([]);
        expect(await store.tickets.getRecord(ref.ticketId)).toMatchObject({ delivery: { state: 'skipped' } });
        expect(await eventsOf(ref.ticketId)).toEqual(['accepted', 'decided', 'delivery-skipped']);
      });

      test('a job about a ticket that no longer exists ends without an error', async () => {
        const { pipeline } = start();
        await pipeline.decide.decide({ ticketId: 'never-there', revision: 1 });
        await pipeline.decide.giveUp({ ticketId: 'never-there', revision: 1 }, 'x');
      });
    });

    describe('deliver', () => {
      const decided = async (fixture: ReturnType<typeof start>, request: IntakeRequest = api(freshId(), 'x')) => {
        const ref = await fixture.pipeline.intake(request);
        await fixture.pipeline.decide.decide(ref);
        const decision = await store.decisions.get(ref);
        if (decision === null) throw new TypeError('a decision expected');
        return { ref, decisionId: decision.id };
      };

      test('writes once, however often it runs', async () => {
        const fixture = start();
        const { ref, decisionId } = await decided(fixture);
        await fixture.pipeline.deliver.deliver(decisionId);
        await fixture.pipeline.deliver.deliver(decisionId);
        expect(fixture.delivered).toHaveLength(1);
        expect(await store.deliveries.get(decisionId)).toEqual({
          state: 'delivered',
          at: '2026-11-22T10:00:00.000Z',
          reason: 'written',
        });
        expect(await fixture.eventsOf(ref.ticketId)).toEqual(['accepted', 'decided', 'delivered']);
      });

      test('a ticket that a person moves while its delivery waits is not overwritten', async () => {
        const fixture = start();
        const { ref, decisionId } = await decided(fixture);
        const feedback = { team: 'triage', by: 'lucia' };
        await giveFeedback(fixture.context, { ticketId: ref.ticketId, feedback, actor });
        await fixture.pipeline.deliver.deliver(decisionId);
        expect(fixture.delivered).toEqual([]);
        expect(await store.deliveries.get(decisionId)).toMatchObject({
          state: 'skipped',
          reason: 'lucia moved the ticket to the team "triage": nothing is written',
        });
      });

      test('a decision is delivered after a person confirms its team', async () => {
        const fixture = start();
        const { ref, decisionId } = await decided(fixture);
        await giveFeedback(fixture.context, { ticketId: ref.ticketId, feedback: { team: 'orders' }, actor });
        await fixture.pipeline.deliver.deliver(decisionId);
        expect(fixture.delivered).toHaveLength(1);
      });

      test('a refusal by the helpdesk ends the delivery with the reason', async () => {
        const fixture = start({ deliver: async () => ({ state: 'refused', detail: 'Ana moved it first' }) });
        const { ref, decisionId } = await decided(fixture);
        await fixture.pipeline.deliver.deliver(decisionId);
        expect(await store.deliveries.get(decisionId)).toMatchObject({
          state: 'refused',
          reason: 'Ana moved it first',
        });
        expect(await fixture.eventsOf(ref.ticketId)).toEqual(['accepted', 'decided', 'delivery-refused']);
      });

      test('an error leaves the delivery pending until it is given up', async () => {
        const failure = new ConnectorError({ connector: 'api', retryable: true, message: 'the desk is down' });
        const fixture = start({ deliver: () => Promise.reject(failure) });
        const { decisionId } = await decided(fixture);
        await expect(fixture.pipeline.deliver.deliver(decisionId)).rejects.toBe(failure);
        expect(await store.deliveries.get(decisionId)).toMatchObject({ state: 'pending' });
        await fixture.pipeline.deliver.giveUp(decisionId, failure.message);
        await fixture.pipeline.deliver.giveUp(decisionId, failure.message);
        expect(await store.deliveries.get(decisionId)).toMatchObject({ state: 'refused', reason: 'the desk is down' });
      });

      test('a decision on an older revision is not delivered', async () => {
        const fixture = start();
        const externalId = freshId();
        const { decisionId } = await decided(fixture, desk(externalId, 'one'));
        await fixture.pipeline.intake(desk(externalId, 'two'));
        await fixture.pipeline.deliver.deliver(decisionId);
        expect(fixture.delivered).toEqual([]);
        expect(await store.deliveries.get(decisionId)).toMatchObject({ state: 'skipped' });
      });
    });
  });
});
