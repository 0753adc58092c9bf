// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, systemActor } from '../../base/actor.ts';
import type { Classification } from '../../classifiers/classifier.ts';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../errors.ts';
import { reviewKinds } from '../../store/review-kinds.ts';
import type { Feedback, Store } from '../../store/store.ts';
import { connectDesk } from '../../testing/desk-pipeline.ts';
import { createPipelineFixture } from '../../testing/pipeline-fixture.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import { eraseTickets } from '../erase.ts';
import { approveFeedback } from '../learn/approve.ts';
import { removeExamples } from '../learn/change-examples.ts';
import { giveFeedback } from '../learn/give-feedback.ts';
import { undoFeedback } from '../learn/undo-feedback.ts';
import { createPipeline } from '../pipeline.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { giveVerdict, type VerdictRequest } from './give-verdict.ts';
import { type HoldRequest, holdItems } from './hold-items.ts';
import { undoVerdict } from './undo-verdict.ts';

const kinds = reviewKinds;
let counter = 0;
const fresh = (name: string) => `${name}-${++counter}`;
const user = (id = fresh('user')): Actor => ({ kind: 'user', id });
const tab = (actor = user()) => ({ actor, reviewer: fresh('tab') });

describe.each(storeKinds)('the review on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened?.[Symbol.asyncDispose]());

    const start = (
      answer: Partial<Classification> = { abstained: true },
      options: Omit<Parameters<typeof createPipelineFixture>[0], 'store'> = {},
    ) => {
      const language = fresh('x');
      const classification = sampleClassification({ intent: 'orders/status', language, ...answer });
      const fixture = createPipelineFixture({ store, classify: async () => classification, ...options });
      const { context } = fixture;
      const pipeline = createPipeline(context);
      const take = async (id = fresh('t'), fields: object = {}) => {
        const ticket = { id, body: `It broke, says ${id}`, ...fields };
        const ref = await pipeline.intake({ connector: 'api', ticket, actor: systemActor });
        await pipeline.decide.decide(ref);
        return id;
      };
      const next = (holder = tab(), request: Partial<HoldRequest> & { holdMs?: number } = {}) =>
        holdItems(context, { holder, kinds, language, ...request });
      const say = (id: number, request: Partial<VerdictRequest>) =>
        giveVerdict(context, { id, holder: tab(), kinds, verdict: 'right', ...request });
      return { ...fixture, pipeline, take, next, say, language };
    };
    const recordOf = async (id: string) => {
      const record = await store.tickets.getRecord(id);
      if (record === null) throw new TypeError(`no ticket ${id}`);
      return record;
    };
    const learnedFrom = async (id: string) => (await store.examples.ofTicket(id)).map(({ example }) => example.intent);
    const only = async (context: PipelineContext, request: Omit<HoldRequest, 'holder' | 'kinds'>, holder = tab()) => {
      const { items } = await holdItems(context, { holder, kinds, count: 5, ...request });
      expect(items).toHaveLength(1);
      return { item: items[0] as (typeof items)[number], holder };
    };

    describe('what waits', () => {
      test.for([
        ['abstained', { abstained: true, abstainReason: 'two intents are as likely' }, 'two intents are as likely'],
        ['unsure', { confidence: 0.59 }, 'the engine was 59 % sure, and below 60 % a person looks'],
        [null, { confidence: 0.6 }, ''],
        [null, { confidence: 0.2, stage: 'correction' }, ''],
        [null, { abstained: true, stage: 'correction' }, ''],
      ] as const)('%s for %o', async ([kind, answer, why]) => {
        const { take, next } = start(answer);
        const ticketId = await take();
        const { items } = await next();
        const suggestion = { intent: 'orders/status', outOfScope: false, team: expect.any(String) };
        expect(items).toMatchObject(kind === null ? [] : [{ kind, ticketId, why, suggestion }]);
      });

      test('not what a machine wrote, and not with `reviewBelow: 0`', async () => {
        const { take, next } = start();
        await take(fresh('t'), { automatic: true });
        expect((await next()).items).toEqual([]);
        const sure = start({ confidence: 0.01 }, { learning: { reviewBelow: 0 } });
        await sure.take();
        expect((await sure.next()).items).toEqual([]);
      });

      test('a newer revision asks anew, unless somebody has the ticket', async () => {
        const on = await connectDesk(store);
        const language = fresh('x');
        on.classify = async () => sampleClassification({ abstained: true, intent: 'orders/status', language });
        on.desk.create('1', 'Where is my parcel?');
        await on.take('1');
        const first = await only(on.fixture.context, { language });
        on.desk.reply('1', 'And where is the other one?');
        await on.take('1');
        const second = await only(on.fixture.context, { language });
        expect(second.item.id).not.toBe(first.item.id);
        const request = { id: first.item.id, holder: first.holder, kinds, verdict: 'right' } as const;
        await expect(giveVerdict(on.fixture.context, request)).rejects.toThrow(/settled elsewhere/);
      });

      test('what somebody moved in the helpdesk, in place of what was asked before; the last move asks', async () => {
        const on = await connectDesk(store);
        const language = fresh('x');
        on.classify = async () => sampleClassification({ abstained: true, intent: 'orders/status', language });
        on.desk.create('1', 'Where is my parcel?');
        await on.take('1');
        on.desk.change('1', 'group', 'g-orders', { kind: 'agent', id: 'a', name: 'Ana' });
        await on.take('1');
        on.desk.change('1', 'group', 'inbox', { kind: 'agent', id: 'a', name: 'Ana' });
        await on.take('1');
        const { item, holder } = await only(on.fixture.context, { language });
        expect(item).toMatchObject({
          ...{ kind: 'moved', ticketId: on.idOf('1'), why: 'moved to Triage: which intent was it?' },
          suggestion: { intent: 'orders/status', team: 'triage' },
        });
        const statesOf = async () => (await recordOf(on.idOf('1'))).feedback.map(({ state }) => state);
        expect(await statesOf()).toEqual(['waiting', 'waiting']);
        const request = { id: item.id, holder, kinds, verdict: 'wrong', intent: 'orders/returns' } as const;
        await giveVerdict(on.fixture.context, request);
        expect(await statesOf()).toEqual(['applied', 'applied', 'applied']);
        expect(await recordOf(on.idOf('1'))).toMatchObject({ assignment: { team: 'triage', cause: 'helpdesk' } });
        expect(await learnedFrom(on.idOf('1'))).toEqual(['orders/returns']);
        await undoVerdict(on.fixture.context, { id: item.id, ...holder });
        expect(await statesOf()).toEqual(['applied', 'waiting', 'undone']);
        expect((await only(on.fixture.context, { language }, holder)).item.id).toBe(item.id);
      });

      test('what somebody moved here without saying why, until it is said or taken back', async () => {
        const { take, next, context } = start({ confidence: 0.9 });
        const ticketId = await take();
        const give = (feedback: Feedback) => giveFeedback(context, { ticketId, feedback, actor: user('ana') });
        await give({ team: 'triage' });
        const holder = tab();
        const [item] = (await next(holder)).items;
        expect(item).toMatchObject({
          ...{ kind: 'moved', ticketId, why: 'moved to Triage: which intent was it?' },
          suggestion: { intent: 'orders/status', team: 'triage' },
        });
        const request = { id: item?.id ?? 0, holder, kinds, verdict: 'wrong', intent: 'orders/returns' } as const;
        await giveVerdict(context, request);
        const statesOf = async () => (await recordOf(ticketId)).feedback.map(({ state }) => state);
        expect(await statesOf()).toEqual(['applied', 'applied']);
        await undoVerdict(context, { id: request.id, ...holder });
        expect(await statesOf()).toEqual(['applied', 'undone']);
        expect((await next(holder)).items).toMatchObject([{ id: request.id }]);
        const back = await give({ team: 'orders' });
        expect((await next(holder)).items).toEqual([]);
        await undoFeedback(context, { ticketId, feedbackId: back.id, actor: user('ana') });
        expect((await next(holder)).items).toMatchObject([{ id: request.id }]);
        await give({ intent: 'orders/returns' });
        expect((await next(holder)).items).toEqual([]);
        // Moved by who has said what it is.
        await give({ team: 'orders' });
        await give({ team: 'triage' });
        expect((await next(holder)).items).toEqual([]);
      });

      test('what contradicts somebody, and corrections that wait for a lead, each once', async () => {
        const { take, next, context } = start({ confidence: 0.9 }, { learning: { feedback: 'review' } });
        const ticketId = await take();
        await giveFeedback(context, { ticketId, feedback: { intent: 'orders/status' }, actor: user('ana') });
        expect((await next()).items).toMatchObject([{ kind: 'example', suggestion: { intent: 'orders/status' } }]);
        await giveFeedback(context, { ticketId, feedback: { intent: 'orders/returns' }, actor: user('bea') });
        const { items, remaining } = await next(tab(), { count: 5, kinds: ['correction'] });
        expect(remaining).toBe(1);
        // Somebody holds the other item of this ticket.
        expect(items).toEqual([]);
      });
    });

    describe('who gets what', () => {
      test('most urgent first, then oldest', async () => {
        const { take, next, classifierCalls, context } = start();
        const urgencies = ['low', 'normal', 'critical', 'normal', 'high'] as const;
        const ids: string[] = [];
        for (const urgency of urgencies) {
          context.classifier.classify = async () =>
            sampleClassification({ abstained: true, urgency, language: `o-${store.kind}` });
          ids.push(await take());
        }
        const { items } = await next(tab(), { language: `o-${store.kind}`, count: 5 });
        expect(items.map(({ ticketId }) => ids.indexOf(ticketId ?? ''))).toEqual([2, 4, 1, 3, 0]);
        expect(classifierCalls).toEqual([]);
      });

      test('50 tickets, five reviewers at once: each is looked at once', async () => {
        const { take, next, say } = start();
        const ids = await Promise.all(Array.from({ length: 50 }, () => take()));
        const seen: string[] = [];
        const review = async () => {
          const holder = tab();
          for (;;) {
            const { items } = await next(holder, { count: 3 });
            if (items.length === 0) return;
            const [item] = items;
            seen.push(item?.ticketId ?? '');
            await say(item?.id ?? 0, { holder });
          }
        };
        await Promise.all(Array.from({ length: 5 }, review));
        expect(seen.sort()).toEqual([...ids].sort());
        expect((await next()).remaining).toBe(0);
        for (const id of ids) expect((await recordOf(id)).feedback).toHaveLength(1);
      });

      test('what somebody left is given to the next once the time is over, and not before', async () => {
        const { take, next, say } = start();
        const [first, second] = [await take(), await take()];
        const left = tab();
        const held = await next(left, { holdMs: 400 });
        const other = tab();
        expect((await next(other, { count: 5 })).items.map(({ ticketId }) => ticketId)).toEqual([second]);
        const [item] = held.items;
        await expect(say(item?.id ?? 0, { holder: other })).rejects.toBeInstanceOf(ConflictError);
        await sleep(450);
        const now = (await next(other, { count: 5 })).items.map(({ ticketId }) => ticketId);
        expect(now).toEqual([second, first]);
        await expect(say(item?.id ?? 0, { holder: left })).rejects.toThrow(/Somebody else looks/);
      });

      test('asking again makes the time longer, and gives back what is not wanted any more', async () => {
        const { take, next } = start();
        await Promise.all([take(), take(), take()]);
        const holder = tab();
        const before = await next(holder, { count: 3, holdMs: 60_000 });
        const after = await next(holder, { count: 3 });
        expect(after.items.map(({ id }) => id)).toEqual(before.items.map(({ id }) => id));
        expect((after.items[0]?.heldUntil ?? '') > (before.items[0]?.heldUntil ?? '')).toBe(true);
        expect((await next()).items).toEqual([]);
        await next(holder, { count: 1 });
        const other = tab();
        expect((await next(other, { count: 5 })).items).toHaveLength(2);
        expect(await next(other, { count: 0 })).toMatchObject({ items: [], remaining: 3 });
        expect((await next(tab(), { count: 5 })).items).toHaveLength(2);
      });

      test('two tabs of one person are two reviewers', async () => {
        const { take, next } = start();
        await take();
        const actor = user();
        expect((await next(tab(actor))).items).toHaveLength(1);
        expect((await next(tab(actor))).items).toEqual([]);
      });

      test('what an actor skips, others get, and the actor only on demand', async () => {
        const { take, next, say, context } = start();
        await take();
        const holder = tab();
        const id = (await next(holder)).items[0]?.id ?? 0;
        expect(await say(id, { holder, verdict: 'skip' })).toMatchObject({ verdict: 'skip', feedbackId: null });
        expect(await next(holder)).toMatchObject({ items: [], remaining: 1 });
        expect((await next(holder, { skipped: true })).items).toHaveLength(1);
        await say(id, { holder, verdict: 'skip' });
        expect(await undoVerdict(context, { id, ...holder })).toMatchObject({ id });
        expect((await next(holder)).items).toHaveLength(1);
        await say(id, { holder, verdict: 'skip' });
        expect((await next()).items).toHaveLength(1);
      });

      test('filters: kinds, team, intent with what is below it, language', async () => {
        const { take, next } = start();
        await take();
        const count = async (request: Partial<HoldRequest>) => (await next(tab(user('filters')), request)).remaining;
        expect(await count({ kinds: ['abstained'] })).toBe(1);
        expect(await count({ kinds: ['unsure', 'moved'] })).toBe(0);
        expect(await count({ intent: 'orders' })).toBe(1);
        expect(await count({ intent: 'orders/status' })).toBe(1);
        expect(await count({ intent: 'sending-back' })).toBe(0);
        expect(await count({ team: 'triage' })).toBe(1);
        expect(await count({ team: 'orders' })).toBe(0);
        expect(await count({ language: 'none' })).toBe(0);
        await expect(count({ intent: 'order' })).rejects.toBeInstanceOf(InputError);
      });
    });

    describe('verdicts', () => {
      test('right: the intent of the engine becomes an example by the reviewer', async () => {
        const { take, next, say, context } = start();
        const ticketId = await take();
        const holder = tab();
        const id = (await next(holder)).items[0]?.id ?? 0;
        const given = await say(id, { holder, comment: 'clear' });
        const [entry] = (await recordOf(ticketId)).feedback;
        expect(entry).toMatchObject({
          ...{ id: given.feedbackId, actor: holder.actor, state: 'applied' },
          feedback: { intent: 'orders/status', comment: 'clear' },
        });
        expect(given.hint).toMatch(/stays with the team "triage"/);
        expect(await learnedFrom(ticketId)).toEqual(['orders/status']);
        // The answer may have been lost on its way.
        expect(await say(id, { holder })).toMatchObject({ feedbackId: given.feedbackId });
        await expect(say(id, { holder, verdict: 'wrong', team: 'orders' })).rejects.toThrow(/has a verdict by/);
        await expect(say(id, {})).rejects.toBeInstanceOf(ConflictError);
        expect((await recordOf(ticketId)).feedback).toHaveLength(1);

        await expect(undoVerdict(context, { id, ...tab() })).rejects.toThrow(/Somebody else gave the verdict/);
        expect(await undoVerdict(context, { id, ...holder })).toMatchObject({ id, ticketId });
        expect(await learnedFrom(ticketId)).toEqual([]);
        expect((await recordOf(ticketId)).feedback).toMatchObject([{ state: 'undone', undoneBy: holder.actor }]);
        await expect(undoVerdict(context, { id, ...holder })).rejects.toThrow(/no verdict/);
        expect((await next()).items).toEqual([]);
        expect((await next(holder)).items).toMatchObject([{ id }]);
      });

      test('wrong: another intent, a team, or that it belongs to nobody', async () => {
        const { take, next, say } = start({ confidence: 0.3 });
        const said = [{ intent: 'sending-back' }, { team: 'triage' }, { outOfScope: true as const, comment: 'spam' }];
        for (const feedback of said) {
          const ticketId = await take();
          const holder = tab();
          await say((await next(holder)).items[0]?.id ?? 0, { holder, verdict: 'wrong', ...feedback });
          const expected = 'intent' in feedback ? { intent: 'orders/returns' } : feedback;
          expect((await recordOf(ticketId)).feedback).toMatchObject([{ feedback: expected, state: 'applied' }]);
        }
        expect((await next()).items).toEqual([]);
      });

      test('with move: the ticket goes to the team of its intent, and comes back when that is taken back', async () => {
        const { take, next, say, context } = start();
        const teamOf = async (id: string) => (await recordOf(id)).assignment?.team;
        const ticketId = await take();
        const holder = tab();
        const id = (await next(holder)).items[0]?.id ?? 0;
        const given = await say(id, { holder, move: true });
        expect(given).toMatchObject({ movedTo: 'orders', moveTo: null, hint: null });
        expect(await teamOf(ticketId)).toBe('orders');
        expect((await recordOf(ticketId)).feedback).toMatchObject([
          { feedback: { intent: 'orders/status', team: 'orders' } },
        ]);
        expect(await say(id, { holder, move: true })).toMatchObject({
          feedbackId: given.feedbackId,
          movedTo: 'orders',
        });
        await undoVerdict(context, { id, ...holder });
        expect(await teamOf(ticketId)).toBe('triage');
        const wrong = { holder, verdict: 'wrong', intent: 'orders/returns', move: true } as const;
        const corrected = await say(id, wrong);
        expect(corrected.movedTo).toBe(await teamOf(ticketId));
        expect(await say(id, wrong)).toMatchObject({ feedbackId: corrected.feedbackId, movedTo: corrected.movedTo });
        await expect(say(id, { ...wrong, intent: 'orders/status' })).rejects.toThrow(/has a verdict by/);
      });

      test('with move: the ticket stays where a person put it, and with the team that the verdict names', async () => {
        const { take, next, say, context } = start({ confidence: 0.3 });
        const ticketId = await take();
        await giveFeedback(context, { ticketId, feedback: { team: 'triage' }, actor: user() });
        const holder = tab();
        const { items } = await next(holder);
        const given = await say(items[0]?.id ?? 0, { holder, verdict: 'wrong', intent: 'orders/status', move: true });
        expect(given).toMatchObject({ movedTo: null, moveTo: 'orders' });
        expect((await recordOf(ticketId)).assignment?.team).toBe('triage');

        const other = await take();
        const named = await say((await next(holder)).items[0]?.id ?? 0, { holder, team: 'triage', move: true });
        expect(named).toMatchObject({ movedTo: null, moveTo: null });
        expect((await recordOf(other)).assignment?.team).toBe('triage');
      });

      test('a verdict that does not fit is refused, and nothing is stored', async () => {
        const { take, next, say } = start({ abstained: true, intent: null });
        const ticketId = await take();
        const holder = tab();
        const { items } = await next(holder);
        const id = items[0]?.id ?? 0;
        const wrong: Partial<VerdictRequest>[] = [
          { verdict: 'right' },
          { verdict: 'wrong' },
          { verdict: 'wrong', comment: 'no' },
          { verdict: 'wrong', intent: 'orders' },
          { verdict: 'wrong', team: 'nobody' },
          { verdict: 'approve' },
          { verdict: 'skip', intent: 'orders/status' },
        ];
        for (const request of wrong) await expect(say(id, { holder, ...request })).rejects.toBeInstanceOf(InputError);
        await expect(say(9_999_999, {})).rejects.toBeInstanceOf(NotFoundError);
        expect((await recordOf(ticketId)).feedback).toEqual([]);
        expect((await next(holder)).items).toHaveLength(1);
      });

      test('what another tab of the same actor says of a done item is refused, and so is another answer of the same tab', async () => {
        const { take, next, say } = start();
        const ticketId = await take();
        const holder = tab();
        const id = (await next(holder)).items[0]?.id ?? 0;
        const said = { verdict: 'wrong', intent: 'sending-back' } as const;
        const { feedbackId } = await say(id, { holder, ...said });
        expect(await say(id, { holder, ...said })).toMatchObject({ feedbackId });
        const other = { verdict: 'wrong', intent: 'orders/status' } as const;
        for (const request of [
          { holder: tab(holder.actor), ...said },
          { holder: tab(holder.actor), ...other },
          { holder, ...other },
          { holder, verdict: 'wrong', team: 'orders' } as const,
        ]) {
          await expect(say(id, request)).rejects.toThrow(/has a verdict by/);
        }
        expect((await recordOf(ticketId)).feedback).toHaveLength(1);
      });

      test('the same verdict sent twice at once is stored once', async () => {
        const { take, next, say } = start();
        const ticketId = await take();
        const holder = tab();
        const id = (await next(holder)).items[0]?.id ?? 0;
        await Promise.allSettled([say(id, { holder }), say(id, { holder }), say(id, { holder })]);
        expect((await recordOf(ticketId)).feedback).toHaveLength(1);
      });

      test.for(['approve', 'reject'] as const)('%s feedback that waits, and take that back', async (verdict) => {
        const { take, next, say, context } = start({ confidence: 0.9 });
        const ticketId = await take();
        const feedback = { intent: 'orders/status', team: 'orders' };
        await giveFeedback(context, { ticketId, feedback, actor: user() });
        const actor = user();
        const other = { intent: 'orders/returns', team: 'triage' };
        const waiting = await giveFeedback(context, { ticketId, feedback: other, actor });
        const holder = tab();
        const { items } = await next(holder);
        expect(items).toMatchObject([
          { kind: 'correction', feedbackId: waiting.id, suggestion: { ...other, outOfScope: false } },
        ]);
        const id = items[0]?.id ?? 0;
        const look = async () => {
          const { feedback: entries, assignment } = await recordOf(ticketId);
          const [example] = await store.examples.find([`feedback:${ticketId}:${waiting.id}`]);
          const entry = entries.find((given) => given.id === waiting.id);
          const learned = await learnedFrom(ticketId);
          return { entry, example: example?.state, learned, team: assignment?.team };
        };
        const before = await look();
        expect(before).toMatchObject({ example: 'waiting', learned: ['orders/status'], team: 'orders' });
        await say(id, { holder, verdict });
        expect(await look()).toMatchObject(
          verdict === 'approve'
            ? { entry: { state: 'applied' }, example: 'active', learned: ['orders/returns'], team: 'triage' }
            : { entry: { state: 'undone' }, example: undefined, learned: ['orders/status'], team: 'orders' },
        );
        await undoVerdict(context, { id, ...holder });
        expect(await look()).toEqual(before);
        expect((await next(holder)).items).toMatchObject([{ id, kind: 'correction' }]);
        // The other one is as possible now.
        await say(id, { holder, verdict: verdict === 'approve' ? 'reject' : 'approve' });
        expect((await next()).remaining).toBe(0);
      });

      test.for(['approve', 'reject'] as const)('%s an example that waits, and take that back', async (verdict) => {
        const { take, next, say, context } = start({ confidence: 0.9 }, { learning: { feedback: 'review' } });
        const ticketId = await take();
        const feedback = { intent: 'orders/returns', team: 'triage' };
        await giveFeedback(context, { ticketId, feedback, actor: user() });
        const holder = tab();
        const id = (await next(holder)).items[0]?.id ?? 0;
        const teamOf = async () => (await recordOf(ticketId)).assignment?.team;
        await say(id, { holder, verdict });
        expect(await learnedFrom(ticketId)).toEqual(verdict === 'approve' ? ['orders/returns'] : []);
        expect(await teamOf()).toBe(verdict === 'approve' ? 'triage' : 'orders');
        await undoVerdict(context, { id, ...holder });
        expect(await learnedFrom(ticketId)).toEqual([]);
        expect(await teamOf()).toBe('triage');
        expect((await next(holder)).items).toMatchObject([{ id, kind: 'example' }]);
      });

      test('an example without a ticket is approved, waits again, and is rejected for good', async () => {
        const { next, say, context, language } = start();
        const example = { id: fresh('e'), body: 'Where is it?', intent: 'orders/status', language };
        await store.examples.upsert([{ example, source: 'import', state: 'waiting', why: 'a list of others' }]);
        const holder = tab();
        const { items } = await next(holder);
        expect(items).toMatchObject([
          { kind: 'example', ticketId: null, exampleId: example.id, why: 'a list of others' },
        ]);
        const id = items[0]?.id ?? 0;
        const stateOf = async () => (await store.examples.find([example.id]))[0]?.state;
        await say(id, { holder, verdict: 'approve' });
        expect(await stateOf()).toBe('active');
        const assertKind = (kind: string) => {
          throw new ForbiddenError(`not ${kind}`);
        };
        await expect(undoVerdict(context, { id, ...holder, assertKind })).rejects.toThrow('not example');
        expect(await stateOf()).toBe('active');
        await undoVerdict(context, { id, ...holder });
        expect(await stateOf()).toBe('waiting');
        await say(id, { holder, verdict: 'reject' });
        expect(await stateOf()).toBeUndefined();
        await expect(undoVerdict(context, { id, ...holder })).rejects.toThrow(/Import it again/);
        await store.examples.purgeRemoved(new Date(Date.now() + 60_000));
        expect(await store.reviews.get(id)).toBeNull();
      });
    });

    describe('what happens elsewhere', () => {
      test('feedback closes an item; undone, it opens it again', async () => {
        const { take, next, context } = start();
        const ticketId = await take();
        const actor = user();
        const { id } = await giveFeedback(context, { ticketId, feedback: { rating: 3 }, actor });
        expect((await next()).remaining).toBe(1);
        await undoFeedback(context, { ticketId, feedbackId: id, actor });
        const said = await giveFeedback(context, { ticketId, feedback: { intent: 'orders/returns' }, actor });
        expect((await next()).remaining).toBe(0);
        const again = await giveFeedback(context, { ticketId, feedback: { intent: 'orders/status' }, actor });
        await undoFeedback(context, { ticketId, feedbackId: said.id, actor });
        expect((await next()).remaining).toBe(0);
        await undoFeedback(context, { ticketId, feedbackId: again.id, actor });
        expect((await next()).remaining).toBe(1);
      });

      test('an approval, an undo and a removed example close what waits', async () => {
        const { take, next, context } = start({ confidence: 0.9 }, { learning: { feedback: 'review' } });
        const actor = user();
        const correct = async (feedback: object) => {
          const ticketId = await take();
          return giveFeedback(context, { ticketId, feedback, actor });
        };
        const [first, second, third] = [
          await correct({ intent: 'orders/returns' }),
          await correct({ intent: 'orders/returns' }),
          await correct({ outOfScope: true }),
        ];
        expect((await next()).remaining).toBe(3);
        await approveFeedback(context, { ticketId: first.ticketId, feedbackId: first.id, actor });
        expect((await next()).remaining).toBe(2);
        await undoFeedback(context, { ticketId: second.ticketId, feedbackId: second.id, actor });
        expect((await next()).remaining).toBe(1);
        await removeExamples(context, { ids: [`feedback:${third.ticketId}:${third.id}`], actor });
        expect((await next()).remaining).toBe(0);
      });

      test('an erased ticket is gone from the review, and the counts stay right', async () => {
        const { take, next, context } = start();
        const before = await store.reviews.counts();
        const ticketId = await take();
        await take();
        const after = await store.reviews.counts();
        expect(after).toEqual({ ...before, abstained: before.abstained + 2 });
        const { items } = await next();
        await eraseTickets(context, { what: { ticketId }, actor: user() });
        expect(await store.reviews.get(items[0]?.id ?? 0)).toBeNull();
        await store.upkeep(({ reviews }) => reviews.addUp());
        expect(await store.reviews.counts()).toEqual({ ...before, abstained: before.abstained + 1 });
      });

      test('what was done today is counted, without what was skipped or taken back', async () => {
        const { take, next, say, context } = start();
        await Promise.all([take(), take(), take()]);
        const holder = tab();
        const { items } = await next(holder, { count: 3 });
        const [first = 0, second = 0, third = 0] = items.map(({ id }) => id);
        await say(first, { holder });
        await say(second, { holder });
        await say(third, { holder, verdict: 'skip' });
        const done = async (since: Date | null = null) => store.reviews.countDone({ since, actor: holder.actor });
        expect(await done()).toMatchObject({ mine: 2 });
        await undoVerdict(context, { id: second, ...holder });
        expect(await done()).toMatchObject({ mine: 1 });
        expect(await done(new Date(Date.now() + 60_000))).toEqual({ mine: 0, all: 0 });
      });
    });
  });
});
