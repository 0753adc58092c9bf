// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../errors.ts';
import type { Feedback, Store } from '../../store/store.ts';
import { createPipelineFixture } from '../../testing/pipeline-fixture.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import type { IncomingTicket } from '../../ticket/ticket.ts';
import { createPipeline } from '../pipeline.ts';
import { approveExample, approveFeedback } from './approve.ts';
import { importExamples, removeExamples } from './change-examples.ts';
import { giveFeedback } from './give-feedback.ts';
import { undoFeedback } from './undo-feedback.ts';

describe.each(storeKinds)('learning on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    let counter = 0;
    const freshId = () => `t-${++counter}`;
    /** A new actor, so that corrections of other tests are not counted. */
    const freshActor = (): Actor => ({ kind: 'user', id: `user-${++counter}` });

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const start = (options: Omit<Parameters<typeof createPipelineFixture>[0], 'store'> = {}) => {
      const fixture = createPipelineFixture({ store, ...options });
      const pipeline = createPipeline(fixture.context);
      const take = async (ticket: Partial<IncomingTicket> = {}, { decide = false } = {}) => {
        const request = { id: freshId(), body: 'It broke', ...ticket };
        const ref = await pipeline.intake({ connector: 'api', ticket: request, actor: { kind: 'token', id: 'api' } });
        if (decide) await pipeline.decide.decide(ref);
        return ref.ticketId;
      };
      const say = (ticketId: string, feedback: Feedback, actor: Actor = freshActor()) =>
        giveFeedback(fixture.context, { ticketId, feedback, actor });
      return { ...fixture, pipeline, take, say };
    };
    /** Ids and intents of the examples that engines learn from a ticket. */
    const learnedFrom = async (ticketId: string) =>
      (await store.examples.ofTicket(ticketId)).map(({ example }) => example.intent);
    const waitingFrom = async (ticketId: string) =>
      (await store.examples.list({ filter: { state: 'waiting' }, limit: 200, cursor: null })).items.filter(
        (stored) => stored.ticketId === ticketId,
      );
    const placeOf = async (ticketId: string) => (await store.tickets.getRecord(ticketId))?.assignment?.team ?? null;

    describe('feedback', () => {
      test('many who correct at once in opposite ways all succeed', async () => {
        const { take, say } = start();
        const ways = ['orders/status', 'orders/returns'];
        const ids = await Promise.all(Array.from({ length: 8 }, () => take()));
        const actor = freshActor();
        await Promise.all(ids.map((id, index) => say(id, { intent: ways[index % 2] }, actor)));
        await Promise.all(ids.map((id, index) => say(id, { intent: ways[(index + 1) % 2] }, actor)));
        for (const [index, id] of ids.entries()) expect(await learnedFrom(id)).toEqual([ways[(index + 1) % 2]]);
      });

      test('a right intent becomes an example with its actor', async () => {
        const { take, say, eventsOf } = start();
        const ticketId = await take({ subject: 'Parcel' });
        const actor = freshActor();
        const entry = await say(ticketId, { intent: 'orders/returns', rating: 2, by: 'lucia' }, actor);
        expect(entry).toMatchObject({ ticketId, revision: 1, state: 'applied', actor });
        expect(await store.examples.ofTicket(ticketId)).toMatchObject([
          {
            example: { subject: 'Parcel', body: 'It broke', intent: 'orders/returns' },
            ...{ source: 'feedback', state: 'active', actor, ticketId, feedbackId: entry.id },
          },
        ]);
        expect(await eventsOf(ticketId)).toEqual(['accepted', 'feedback']);
      });

      test('that a ticket belongs to nobody becomes an example without an intent, which is no example of one', async () => {
        const { context, take, say } = start();
        const ticketId = await take({ subject: 'Room mate' });
        const counts = await store.examples.countByIntent();
        const { id: feedbackId } = await say(ticketId, { outOfScope: true });
        const [stored] = await store.examples.ofTicket(ticketId);
        expect(stored).toMatchObject({ example: { subject: 'Room mate', intent: null, outOfScope: true }, feedbackId });
        const listed = (outOfScope: boolean) =>
          store.examples.list({ filter: { outOfScope }, limit: 200, cursor: null });
        expect((await listed(true)).items).toEqual([stored]);
        expect((await listed(false)).items).not.toContainEqual(stored);
        expect(await store.examples.countByIntent()).toEqual(counts);
        await undoFeedback(context, { ticketId, feedbackId, actor: freshActor() });
        expect(await store.examples.ofTicket(ticketId)).toEqual([]);
        expect((await listed(true)).items).toEqual([]);
      });

      test('a former id of an intent is replaced by the present id, and does not contradict it', async () => {
        const { take, say } = start();
        const ticketId = await take();
        expect(await say(ticketId, { intent: 'sending-back' })).toMatchObject({
          feedback: { intent: 'orders/returns' },
        });
        expect(await say(ticketId, { intent: 'orders/returns' })).toMatchObject({ state: 'applied' });
        expect(await learnedFrom(ticketId)).toEqual(['orders/returns']);
      });

      test('an example has no word that identifies the customer', async () => {
        const { take, say } = start();
        const requester = { name: 'Philippa Thornquist', email: 'philippa@thornquist.example' };
        const body =
          'Philippa Thornquist here. Write to philippa@thornquist.example or call +44 20 7946 0958. It broke.';
        const ticketId = await take({ body, requester });
        await say(ticketId, { intent: 'orders/returns' });
        const stored = JSON.stringify(await store.examples.ofTicket(ticketId));
        expect(stored).toContain('It broke');
        for (const word of ['Philippa', 'Thornquist', 'thornquist.example', '7946']) expect(stored).not.toContain(word);
      });

      test('without redaction an example keeps its requester, so that it can be redacted later', async () => {
        const { take, say } = start({ redaction: false });
        const ticketId = await take({ requester: { name: 'Ana Customer', email: 'ana@example.com', tier: 'gold' } });
        await say(ticketId, { intent: 'orders/returns' });
        const [stored] = await store.examples.ofTicket(ticketId);
        expect(stored?.example.requester).toEqual({ name: 'Ana Customer', email: 'ana@example.com' });
      });

      test('a second correction by the same person replaces the first', async () => {
        const { take, say } = start();
        const ticketId = await take();
        const actor = freshActor();
        await say(ticketId, { intent: 'orders/returns' }, actor);
        await say(ticketId, { intent: 'orders/status' }, actor);
        expect(await learnedFrom(ticketId)).toEqual(['orders/status']);
      });

      test('a comment is in the history, for people and for programs', async () => {
        const { take, say } = start();
        const ticketId = await take();
        await say(ticketId, { comment: 'The parcel was for a neighbour.', by: 'lucia' });
        expect((await store.history.ofTicket(ticketId)).at(-1)).toMatchObject({
          ...{ event: 'feedback', by: 'lucia', detail: 'comment: The parcel was for a neighbour.' },
          facts: { comment: 'The parcel was for a neighbour.', waitsBecause: null },
        });
      });

      test('every error in a feedback is reported at once', async () => {
        const { say } = start();
        const error = await say('x', { intent: 'orders', team: 'nobody', rating: 6 }).catch(
          (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ issues: [{ path: 'intent' }, { path: 'team' }, { path: 'rating' }] });
        await expect(say('x', { intent: 'returns', team: 'ordres' })).rejects.toThrow(
          'This feedback cannot be stored: intent: there is no intent "returns". Did you mean "orders/returns"? team: there is no team "ordres". Did you mean "orders"?',
        );
        await expect(say('x', {})).rejects.toBeInstanceOf(InputError);
        await expect(say('x', { intent: 'orders/returns', outOfScope: true })).rejects.toThrow(
          'outOfScope: a ticket with',
        );
        await expect(say('never-there', { rating: 5 })).rejects.toBeInstanceOf(NotFoundError);
      });
    });

    describe('review', () => {
      test('feedback that contradicts another person has no effect until it is approved', async () => {
        const { context, take, say } = start();
        const ticketId = await take({}, { decide: true });
        await say(ticketId, { intent: 'orders/returns', team: 'triage', by: 'ana' });
        const second = await say(ticketId, { intent: 'orders/status', team: 'orders', by: 'ben' });
        expect(second).toMatchObject({ state: 'waiting', why: 'ana named the intent "orders/returns" before' });
        expect(await learnedFrom(ticketId)).toEqual(['orders/returns']);
        expect(await placeOf(ticketId)).toBe('triage');
        await approveFeedback(context, { ticketId, feedbackId: second.id, actor: freshActor() });
        expect(await learnedFrom(ticketId)).toEqual(['orders/status']);
        expect(await placeOf(ticketId)).toBe('orders');
      });

      test('an intent after “belongs to nobody” contradicts it, and the other way round', async () => {
        const { context, take, say } = start();
        const ticketId = await take();
        const first = await say(ticketId, { outOfScope: true, by: 'ana' });
        const second = await say(ticketId, { intent: 'orders/status', by: 'ben' });
        expect(second).toMatchObject({ state: 'waiting', why: 'ana said that it belongs to nobody before' });
        await approveFeedback(context, { ticketId, feedbackId: second.id, actor: freshActor() });
        expect(await learnedFrom(ticketId)).toEqual(['orders/status']);
        await undoFeedback(context, { ticketId, feedbackId: second.id, actor: freshActor() });
        expect(await learnedFrom(ticketId)).toEqual([null]);
        await undoFeedback(context, { ticketId, feedbackId: first.id, actor: freshActor() });
        expect(await learnedFrom(ticketId)).toEqual([]);
      });

      test('two people behind one token who give different names are two people', async () => {
        const { take, say } = start();
        const ticketId = await take();
        const token: Actor = { kind: 'token', id: `token-${freshId()}` };
        await say(ticketId, { team: 'triage', by: 'ana' }, token);
        expect(await say(ticketId, { team: 'orders', by: 'ben' }, token)).toMatchObject({ state: 'waiting' });
        expect(await say(ticketId, { team: 'orders', by: 'ana' }, token)).toMatchObject({ state: 'applied' });
      });

      test('a person corrects himself at once, also when he gave his name only once', async () => {
        const { take, say } = start();
        const token: Actor = { kind: 'token', id: `token-${freshId()}` };
        for (const [first, second] of [
          [undefined, 'ana'],
          ['ana', undefined],
          ['Ana', 'ana '],
        ]) {
          const ticketId = await take();
          await say(ticketId, { intent: 'orders/returns', ...(first && { by: first }) }, token);
          const again = await say(ticketId, { intent: 'orders/status', ...(second && { by: second }) }, token);
          expect(again).toMatchObject({ state: 'applied', why: null });
          expect(await learnedFrom(ticketId)).toEqual(['orders/status']);
        }
      });

      test('a corrected intent says that the ticket stays where it is, and how to move it', async () => {
        const { take, say } = start();
        const ticketId = await take({}, { decide: true });
        const place = await placeOf(ticketId);
        const { hint } = await say(ticketId, { outOfScope: true });
        expect(place).not.toBe('triage');
        expect(hint).toBe(
          `The ticket stays with the team "${place}": a corrected intent teaches the engines and moves no ticket. To move it to where the rules send its like, send {"team": "triage"}.`,
        );
        expect(await placeOf(ticketId)).toBe(place);
        expect(await say(await take({}, { decide: true }), { outOfScope: true, team: 'triage' })).toMatchObject({
          hint: null,
        });
        expect(await say(await take(), { outOfScope: true })).toMatchObject({ hint: null });
        expect(await say(await take({}, { decide: true }), { rating: 4 })).toMatchObject({ hint: null });
      });

      test('feedback that agrees with another person does not wait', async () => {
        const { take, say } = start();
        const ticketId = await take();
        await say(ticketId, { intent: 'orders/returns' });
        expect(await say(ticketId, { intent: 'orders/returns' })).toMatchObject({ state: 'applied' });
      });

      test('examples wait when a review is configured, but the ticket is moved at once', async () => {
        const { context, take, say } = start({ learning: { feedback: 'review' } });
        const ticketId = await take({}, { decide: true });
        await say(ticketId, { intent: 'orders/returns', team: 'triage' });
        expect(await learnedFrom(ticketId)).toEqual([]);
        expect(await placeOf(ticketId)).toBe('triage');
        const [waiting] = await waitingFrom(ticketId);
        expect(waiting).toMatchObject({
          state: 'waiting',
          why: 'corrections wait for a review (learning.feedback: review)',
        });
        const id = waiting?.example.id ?? '';
        await approveExample(context, { id, actor: freshActor() });
        expect(await learnedFrom(ticketId)).toEqual(['orders/returns']);
        await expect(approveExample(context, { id, actor: freshActor() })).rejects.toBeInstanceOf(ConflictError);
        await expect(approveExample(context, { id: 'none', actor: freshActor() })).rejects.toBeInstanceOf(
          NotFoundError,
        );
      });

      test('an example without a ticket is approved only once, even by two people at the same time', async () => {
        const { context } = start();
        const id = freshId();
        const example = { id, body: 'It broke', intent: 'orders/returns' };
        await store.examples.upsert([{ example, source: 'import', state: 'waiting', why: 'too many at once' }]);
        const approvals = [freshActor(), freshActor()].map((actor) => approveExample(context, { id, actor }));
        const settled = await Promise.allSettled(approvals);
        expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: expect.any(ConflictError),
        });
        expect(await store.examples.find([id])).toMatchObject([{ state: 'active', why: null }]);
      });

      test('many corrections of one actor in an hour wait for a review and are logged', async () => {
        const warnings: { facts: object; message: string }[] = [];
        const fixture = start({ learning: { maxCorrectionsPerHour: 2 } });
        const context = {
          ...fixture.context,
          now: () => new Date(),
          logger: {
            ...fixture.context.logger,
            warn: (facts: object, message: string) => warnings.push({ facts, message }),
          },
        };
        const actor = freshActor();
        const tickets = await Promise.all([fixture.take(), fixture.take(), fixture.take()]);
        for (const ticketId of tickets) {
          await giveFeedback(context, { ticketId, feedback: { intent: 'orders/returns' }, actor });
        }
        const learned = await Promise.all(tickets.map(learnedFrom));
        expect(learned).toEqual([['orders/returns'], ['orders/returns'], []]);
        expect(warnings).toEqual([
          {
            facts: { actor, ticketId: tickets[2] },
            message: 'a correction waits for a review: more than 2 corrections of one actor in an hour',
          },
        ]);
        // The limit does not apply to another actor.
        const other = await fixture.take();
        await giveFeedback(context, { ticketId: other, feedback: { intent: 'orders/returns' }, actor: freshActor() });
        expect(await learnedFrom(other)).toEqual(['orders/returns']);
      });
    });

    describe('undo', () => {
      test('the example is removed, and the ticket goes back to the decided team', async () => {
        const { context, take, say, eventsOf } = start();
        const ticketId = await take({}, { decide: true });
        const actor = freshActor();
        const { id: feedbackId } = await say(ticketId, { intent: 'orders/returns', team: 'triage' }, actor);
        await undoFeedback(context, { ticketId, feedbackId, actor });
        expect(await learnedFrom(ticketId)).toEqual([]);
        expect(await placeOf(ticketId)).toBe('orders');
        expect((await store.feedback.ofTicket(ticketId))[0]).toMatchObject({ state: 'undone', undoneBy: actor });
        expect(await eventsOf(ticketId)).toEqual(['accepted', 'decided', 'feedback', 'feedback-undone']);
        await expect(undoFeedback(context, { ticketId, feedbackId, actor })).rejects.toBeInstanceOf(ConflictError);
      });

      test('somebody who may undo only their own feedback cannot undo that of others', async () => {
        const { context, take, say } = start();
        const ticketId = await take({}, { decide: true });
        const actor = freshActor();
        const { id: feedbackId } = await say(ticketId, { intent: 'orders/returns' }, actor);
        const undo = (by: Actor) => undoFeedback(context, { ticketId, feedbackId, actor: by, onlyOwn: true });
        await expect(undo(freshActor())).rejects.toBeInstanceOf(ForbiddenError);
        await undo(actor);
        expect((await store.feedback.ofTicket(ticketId))[0]).toMatchObject({ state: 'undone', undoneBy: actor });
      });

      test('routes by the present rules when the ticket was classified under a former id of its intent', async () => {
        const { context, take, say } = start({
          classify: async () => sampleClassification({ intent: 'sending-back' }),
        });
        const ticketId = await take({}, { decide: true });
        expect(await placeOf(ticketId)).toBe('orders');
        const actor = freshActor();
        const { id: feedbackId } = await say(ticketId, { team: 'triage' }, actor);
        await undoFeedback(context, { ticketId, feedbackId, actor });
        expect(await placeOf(ticketId)).toBe('orders');
      });

      test('an earlier correction applies again', async () => {
        const { context, take, say } = start();
        const ticketId = await take();
        const actor = freshActor();
        await say(ticketId, { intent: 'orders/returns', team: 'triage' }, actor);
        const { id: feedbackId } = await say(ticketId, { intent: 'orders/status', team: 'orders' }, actor);
        await undoFeedback(context, { ticketId, feedbackId, actor });
        expect(await learnedFrom(ticketId)).toEqual(['orders/returns']);
        expect(await placeOf(ticketId)).toBe('triage');
      });

      test('feedback that was approved in a review stays in effect when other feedback is undone or given', async () => {
        const { context, take, say } = start();
        const ticketId = await take();
        const [one, other] = [freshActor(), freshActor()];
        const first = await say(ticketId, { intent: 'orders/returns', team: 'triage' }, one);
        const { id: feedbackId } = await say(ticketId, { intent: 'orders/status', team: 'orders' }, other);
        await say(ticketId, { intent: 'orders/returns', team: 'triage' }, one);
        await approveFeedback(context, { ticketId, feedbackId, actor: freshActor() });
        await undoFeedback(context, { ticketId, feedbackId: first.id, actor: one });
        expect([await placeOf(ticketId), await learnedFrom(ticketId)]).toEqual(['orders', ['orders/status']]);
        for (const feedback of [{ team: 'triage' }, { intent: 'orders/returns' }]) {
          expect(await say(ticketId, feedback, one)).toMatchObject({ state: 'waiting' });
        }
        expect([await placeOf(ticketId), await learnedFrom(ticketId)]).toEqual(['orders', ['orders/status']]);
      });

      test('an earlier correction that waits for a review still waits', async () => {
        const { context, take, say } = start({ learning: { feedback: 'review' } });
        const ticketId = await take();
        const actor = freshActor();
        await say(ticketId, { intent: 'orders/returns' }, actor);
        const { id: feedbackId } = await say(ticketId, { intent: 'orders/status' }, actor);
        await undoFeedback(context, { ticketId, feedbackId, actor });
        expect(await learnedFrom(ticketId)).toEqual([]);
        expect((await waitingFrom(ticketId)).map(({ example }) => example.intent)).toEqual(['orders/returns']);
      });

      test('undoing a rating removes no example, not even one of an older version', async () => {
        const { context, take, say } = start();
        const ticketId = await take();
        const actor = freshActor();
        const example = { id: `feedback:${ticketId}`, body: 'It broke', intent: 'orders/returns' };
        await store.examples.upsert([{ example, source: 'feedback', ticketId }]);
        const { id: feedbackId } = await say(ticketId, { rating: 1 }, actor);
        await undoFeedback(context, { ticketId, feedbackId, actor });
        expect(await learnedFrom(ticketId)).toEqual(['orders/returns']);
      });

      test('a ticket that was moved before its decision goes to the team that it would have got without the move', async () => {
        const { context, pipeline, take, say } = start();
        const ticketId = await take();
        const actor = freshActor();
        const { id: feedbackId } = await say(ticketId, { team: 'triage' }, actor);
        await pipeline.decide.decide({ ticketId, revision: 1 });
        await undoFeedback(context, { ticketId, feedbackId, actor });
        expect(await placeOf(ticketId)).toBe('orders');
      });

      test('feedback of another ticket is not found', async () => {
        const { context, take, say } = start();
        const [one, other] = [await take(), await take()];
        const { id: feedbackId } = await say(one, { rating: 5 });
        const attempt = undoFeedback(context, { ticketId: other, feedbackId, actor: freshActor() });
        await expect(attempt).rejects.toBeInstanceOf(NotFoundError);
      });
    });

    describe('imports', () => {
      const actor: Actor = { kind: 'token', id: 'importer' };
      const example = (id: string, intent = 'orders/returns') => ({ id, body: 'Send it back', intent });

      test('examples are imported all or none, and the import is in the history', async () => {
        const { context } = start();
        const [good, bad] = [example(freshId()), example(freshId(), 'orders')];
        await expect(importExamples(context, { examples: [good, bad], actor })).rejects.toBeInstanceOf(InputError);
        expect(await store.examples.find([good.id])).toEqual([]);
        const before = await store.history.lastSeq();
        const changes = await importExamples(context, { examples: [good], actor });
        expect(changes).toEqual({ added: 1, changed: 0, unchanged: 0 });
        expect(await store.history.after(before, 10)).toMatchObject([
          { ticketId: null, event: 'examples-imported', actor, facts: changes },
        ]);
      });

      test('an import in which an id occurs twice is refused, because one of the two would be lost', async () => {
        const { context } = start();
        const twice = example(freshId());
        const attempt = importExamples(context, { examples: [twice, { ...twice, body: 'Other words' }], actor });
        await expect(attempt).rejects.toMatchObject({ code: 'invalid-input', issues: [{ path: '[1].id' }] });
        expect(await store.examples.find([twice.id])).toEqual([]);
      });

      test('an import may name intents by former ids', async () => {
        const { context } = start();
        const renamed = example(freshId(), 'sending-back');
        await importExamples(context, { examples: [renamed], actor });
        expect(await store.examples.find([renamed.id])).toMatchObject([{ example: { intent: 'orders/returns' } }]);
      });

      test('an import overwrites neither own examples nor corrections, and a later own example replaces an imported one', async () => {
        const { context, take, say } = start();
        const id = freshId();
        await store.examples.syncFile([{ id, body: 'The words of the file', intent: 'orders/status' }]);
        const ticketId = await take();
        await say(ticketId, { intent: 'orders/returns' });
        const [corrected] = await store.examples.ofTicket(ticketId);
        for (const taken of [id, corrected?.example.id ?? '']) {
          const attempt = importExamples(context, { examples: [example(freshId()), example(taken)], actor });
          await expect(attempt).rejects.toMatchObject({ code: 'invalid-input', issues: [{ path: '[1].id' }] });
        }
        const later = freshId();
        await importExamples(context, { examples: [example(later)], actor });
        const file = { id: later, body: 'The words of the file', intent: 'orders/status' };
        await store.examples.syncFile([file]);
        expect(await store.examples.find([later])).toMatchObject([{ example: file, source: 'file', actor: null }]);
        await store.examples.syncFile([]);
      });

      test('imported and corrected examples are removed with a mark for the engines; those of own files are not', async () => {
        const { context } = start();
        const [imported, own] = [example(freshId()), example(freshId())];
        await importExamples(context, { examples: [imported], actor });
        await store.examples.syncFile([own]);
        const before = new Date(Date.now() - 60_000);
        await removeExamples(context, { ids: [imported.id], actor });
        expect(await store.examples.find([imported.id])).toEqual([]);
        const mark = (await store.examples.changedSince(before)).find((stored) => stored.example.id === imported.id);
        expect(mark).toMatchObject({ state: 'removed', example: { id: imported.id, intent: 'orders/returns' } });
        expect(JSON.stringify(mark)).not.toContain('Send it back');
        await expect(removeExamples(context, { ids: [own.id], actor })).rejects.toBeInstanceOf(InputError);
        await expect(removeExamples(context, { ids: [imported.id], actor })).rejects.toBeInstanceOf(NotFoundError);
        // The same id can be imported again.
        expect(await importExamples(context, { examples: [imported], actor })).toMatchObject({ added: 1 });
        await store.examples.syncFile([]);
      });
    });
  });
});
