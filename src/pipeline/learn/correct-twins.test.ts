// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { sql } from '../../base/drizzle.ts';
import type { Classifier } from '../../classifiers/classifier.ts';
import { StoreUnavailableError } from '../../errors.ts';
import { selectOfWords } from '../../store/corrections.ts';
import type { Correction, Feedback, Store } from '../../store/store.ts';
import { createPipelineFixture } from '../../testing/pipeline-fixture.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import type { IncomingTicket } from '../../ticket/ticket.ts';
import { wordsHash } from '../../ticket/words-hash.ts';
import { eraseTickets } from '../erase.ts';
import { createPipeline } from '../pipeline.ts';
import { approveFeedback } from './approve.ts';
import { removeExamples } from './change-examples.ts';
import { correctTwins, settleCorrections } from './correct-twins.ts';
import { giveFeedback } from './give-feedback.ts';
import { hashCorrections } from './hash-corrections.ts';
import { undoFeedback } from './undo-feedback.ts';

const guess = sampleClassification({
  intent: 'orders/status',
  confidence: 0.97,
  urgency: 'high',
  sentiment: 'negative',
});

describe.each(storeKinds)('twins of corrected tickets on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    let counter = 0;
    const actor = (): Actor => ({ kind: 'user', id: `user-${++counter}` });
    /** Words that no other test uses. */
    const freshBody = () => `It came broken, box ${String.fromCharCode(97 + (++counter % 26))}${counter}`;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    /** One process on the store. Its engine learns nothing, so that only corrections can change an answer. */
    const start = (options: Omit<Parameters<typeof createPipelineFixture>[0], 'store'> = {}) => {
      const fixture = createPipelineFixture({ store, classify: async () => guess, ...options });
      const classifier: Classifier = correctTwins({ ...fixture.context, corrections: store.corrections });
      const context = { ...fixture.context, classifier };
      const pipeline = createPipeline(context);
      const accept = async (ticket: IncomingTicket) =>
        pipeline.intake({ connector: 'api', ticket: { id: `t-${++counter}`, ...ticket }, actor: actor() });
      const decide = async (ticket: IncomingTicket) => {
        const ref = await accept(ticket);
        await pipeline.decide.decide(ref);
        const record = await store.tickets.getRecord(ref.ticketId);
        return { ticketId: ref.ticketId, classification: record?.classification, decision: record?.decision };
      };
      const say = (ticketId: string, feedback: Feedback, by: Actor = actor()) =>
        giveFeedback(context, { ticketId, feedback, actor: by });
      return { ...fixture, context, pipeline, accept, decide, say };
    };

    test('a twin is decided by the correction as soon as it is stored, in another process too', async () => {
      const body = freshBody();
      const here = start();
      const there = start();
      const { ticketId, classification } = await here.decide({ subject: 'Re: Box', body });
      expect(classification?.intent).toBe('orders/status');
      const { id } = await here.say(ticketId, { intent: 'orders/returns' });

      const twin = await there.decide({
        subject: 'box',
        body: `  ${body.toUpperCase()}\n`,
        requester: { name: 'Somebody Else', email: 'else@example.com' },
      });
      expect(twin.classification).toMatchObject({
        intent: 'orders/returns',
        confidence: 1,
        abstained: false,
        stage: 'correction',
        model: null,
        costUsd: 0,
        nearestExamples: [{ id: `feedback:${ticketId}:${id}`, intent: 'orders/returns', similarity: 1 }],
      });
      expect(twin.classification?.stageReason).toMatch(
        /^A person gave this text this intent on \d{4}-\d\d-\d\d, so no engine was asked\.$/,
      );
      expect(twin.decision).toMatchObject({ team: 'orders', rule: 'orders' });
      expect(there.classifierCalls).toEqual([]);
    });

    test('what an engine read in the same words is kept: urgency and sentiment', async () => {
      const body = freshBody();
      const { decide, say } = start();
      await say((await decide({ body })).ticketId, { intent: 'orders/returns' });
      const twin = await decide({ body });
      expect(twin.classification).toMatchObject({ urgency: 'high', sentiment: 'negative' });
      expect(twin.decision?.priority).toBe('high');
    });

    test('other words are decided by the engine', async () => {
      const body = freshBody();
      const { decide, say } = start();
      await say((await decide({ body })).ticketId, { intent: 'orders/returns' });
      const other = await decide({ body: `${body}, and where is the rest?` });
      expect(other.classification).toMatchObject({ intent: 'orders/status', stage: guess.stage });
    });

    test('a correction that comes while the engine works decides, and what the engine cost stays booked', async () => {
      const body = freshBody();
      const asked = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<typeof guess>();
      const slow = start({
        classify: () => {
          asked.resolve();
          return answer.promise;
        },
      });
      const ref = await slow.accept({ body });
      const deciding = slow.pipeline.decide.decide(ref);
      await asked.promise;
      const { decide, say } = start();
      await say((await decide({ body })).ticketId, { intent: 'orders/returns' });
      answer.resolve({ ...guess, costUsd: 0.02 });
      await deciding;
      const record = await store.tickets.getRecord(ref.ticketId);
      expect(record?.classification).toMatchObject({ intent: 'orders/returns', stage: 'correction', costUsd: 0.02 });
      expect(record?.classification?.stageReason).toContain('What the engine said meanwhile does not count.');
    });

    describe('it ends', () => {
      const correct = async () => {
        const body = freshBody();
        const process = start();
        const { ticketId } = await process.decide({ body });
        const { id: feedbackId } = await process.say(ticketId, { intent: 'orders/returns' });
        const stageOfTwin = async () => (await process.decide({ body })).classification?.stage;
        expect(await stageOfTwin()).toBe('correction');
        return { ...process, ticketId, feedbackId, stageOfTwin };
      };

      test('when the feedback is undone', async () => {
        const { context, ticketId, feedbackId, stageOfTwin } = await correct();
        await undoFeedback(context, { ticketId, feedbackId, actor: actor() });
        expect(await stageOfTwin()).toBe(guess.stage);
      });

      test('when its example is removed', async () => {
        const { context, ticketId, feedbackId, stageOfTwin } = await correct();
        await removeExamples(context, { ids: [`feedback:${ticketId}:${feedbackId}`], actor: actor() });
        expect(await stageOfTwin()).toBe(guess.stage);
      });

      test('when the ticket is erased, of which no hash is left', async () => {
        const { context, ticketId, feedbackId, stageOfTwin } = await correct();
        await eraseTickets(context, { what: { ticketId }, actor: actor() });
        expect(await stageOfTwin()).toBe(guess.stage);
        const { rows } = await store.transaction(({ executor }) =>
          executor.execute(
            sql`select words_hash from switchboard.examples where id = ${`feedback:${ticketId}:${feedbackId}`}`,
          ),
        );
        expect(rows).toEqual([{ words_hash: null }]);
      });
    });

    test('a text that belongs to nobody goes to triage, until that is undone', async () => {
      const body = freshBody();
      const here = start();
      const there = start();
      const { ticketId, decision } = await here.decide({ body });
      expect(decision?.team).toBe('orders');
      const { id: feedbackId } = await here.say(ticketId, { outOfScope: true });
      const twin = await there.decide({ body: body.toUpperCase() });
      expect(twin.classification).toMatchObject({
        ...{ intent: null, confidence: 0, abstained: true, stage: 'correction', costUsd: 0, urgency: 'high' },
        abstainReason: expect.stringMatching(/^A person said on \d{4}-\d\d-\d\d that this text belongs to nobody\.$/),
      });
      expect(twin.decision?.team).toBe('triage');
      expect(twin.decision?.because).toContain('belongs to nobody');
      expect(there.classifierCalls).toEqual([]);
      await undoFeedback(here.context, { ticketId, feedbackId, actor: actor() });
      expect((await there.decide({ body })).classification?.stage).toBe(guess.stage);
    });

    test('an intent and “belongs to nobody” contradict each other', async () => {
      const body = freshBody();
      const { decide, say } = start();
      const first = await decide({ body });
      const second = await decide({ body });
      await say(first.ticketId, { intent: 'orders/returns' });
      await say(second.ticketId, { outOfScope: true });
      expect((await decide({ body })).classification?.stageReason).toContain('People have given this text different');
    });

    test('contradicting corrections: none decides, until they agree again', async () => {
      const body = freshBody();
      const { decide, say, context } = start();
      const first = await decide({ body });
      const second = await decide({ body });
      await say(first.ticketId, { intent: 'orders/returns' });
      const { id: feedbackId } = await say(second.ticketId, { intent: 'orders/status' });
      const between = await decide({ body });
      expect(between.classification).toMatchObject({ stage: guess.stage, confidence: guess.confidence });
      expect(between.classification?.stageReason).toContain('People have given this text different intents');
      await undoFeedback(context, { ticketId: second.ticketId, feedbackId, actor: actor() });
      expect((await decide({ body })).classification).toMatchObject({ intent: 'orders/returns', stage: 'correction' });
    });

    test('contradicting corrections: an answer that nobody gave goes to a person', async () => {
      const body = freshBody();
      const { decide, say } = start({ classify: async () => ({ ...guess, intent: 'billing/invoices' }) });
      const [first, second] = [await decide({ body }), await decide({ body })];
      expect(first.classification).toMatchObject({ intent: 'billing/invoices', abstained: false });
      await say(first.ticketId, { intent: 'orders/returns' });
      await say(second.ticketId, { intent: 'orders/status' });
      const between = await decide({ body });
      expect(between.classification).toMatchObject({ intent: 'billing/invoices', abstained: true });
      expect(between.classification?.abstainReason).toMatch(
        /^People have given this text different intents \(.+ and .+\), so none of them decides, and the engine names another one\.$/,
      );
      expect(between.decision?.team).toBe('triage');
    });

    test('the later correction by the same person decides, also where it is of another ticket', async () => {
      const body = freshBody();
      const { decide, say } = start();
      const ana = actor();
      await say((await decide({ body })).ticketId, { intent: 'orders/returns' }, ana);
      await say((await decide({ body })).ticketId, { intent: 'orders/status' }, ana);
      expect((await decide({ body })).classification).toMatchObject({
        intent: 'orders/status',
        stage: 'correction',
      });
      const token: Actor = { kind: 'token', id: 'desk' };
      const other = freshBody();
      await say((await decide({ body: other })).ticketId, { intent: 'orders/returns', by: 'Ana' }, token);
      await say((await decide({ body: other })).ticketId, { intent: 'orders/status', by: 'Ben' }, token);
      expect((await decide({ body: other })).classification?.stage).toBe(guess.stage);
    });

    test('one that waits for a review is an objection, but decides nothing', async () => {
      const body = freshBody();
      const { decide, say, context } = start();
      const { ticketId } = await decide({ body });
      const { id: first } = await say(ticketId, { intent: 'orders/returns' });
      const objection = await say(ticketId, { intent: 'orders/status' });
      expect(objection.state).toBe('waiting');
      expect((await decide({ body })).classification?.stage).toBe(guess.stage);
      await approveFeedback(context, { ticketId, feedbackId: objection.id, actor: actor() });
      expect((await decide({ body })).classification).toMatchObject({ intent: 'orders/status', stage: 'correction' });
      await undoFeedback(context, { ticketId, feedbackId: objection.id, actor: actor() });
      expect((await decide({ body })).classification).toMatchObject({
        intent: 'orders/returns',
        nearestExamples: [{ id: `feedback:${ticketId}:${first}` }],
      });
    });

    test('with reviews, a correction decides once it is approved', async () => {
      const body = freshBody();
      const { decide, say, context } = start({ learning: { feedback: 'review' } });
      const { ticketId } = await decide({ body });
      const { id: feedbackId } = await say(ticketId, { intent: 'orders/returns' });
      expect((await decide({ body })).classification?.stage).toBe(guess.stage);
      await approveFeedback(context, { ticketId, feedbackId, actor: actor() });
      expect((await decide({ body })).classification?.stage).toBe('correction');
    });

    test('automatic mail and tickets without words have no twins', async () => {
      const { decide, say, context } = start();
      const bounce = { subject: 'Automatic reply: Box', body: 'I am out of the office until Monday.' };
      await say((await decide(bounce)).ticketId, { intent: 'orders/returns' });
      expect(
        (await context.classifier.classify({ ticket: { id: 'b', ...bounce }, taxonomy: context.taxonomy })).stage,
      ).toBe(guess.stage);
      expect(wordsHash({ body: ' \n' })).toBeNull();
    });

    test('corrections of an earlier version get their hash, unless their words are gone', async () => {
      const [kept, changed] = [freshBody(), freshBody()];
      const { decide, say, context, pipeline } = start();
      const first = await decide({ body: kept });
      const { id } = await say(first.ticketId, { intent: 'orders/returns' });
      const revise = (body: string) =>
        pipeline.intake({ connector: 'desk', ticket: { id: 'revised', body }, actor: actor() });
      const { ticketId } = await revise(changed);
      await say(ticketId, { intent: 'orders/returns' });
      await revise(`${changed}, and more came later`);
      await store.transaction(({ executor }) =>
        executor.execute(sql`update switchboard.examples set words_hash = null`),
      );
      const ask = async () =>
        (await context.classifier.classify({ ticket: { id: 'x', body: kept }, taxonomy: context.taxonomy })).stage;
      expect(await ask()).toBe(guess.stage);
      await hashCorrections(store.corrections);
      expect(await ask()).toBe('correction');
      expect(await store.corrections.withoutHash(10)).toEqual([]);
      expect(await store.corrections.ofWords([wordsHash({ body: kept }) ?? ''])).toMatchObject([
        { exampleId: `feedback:${first.ticketId}:${id}`, state: 'active' },
      ]);
      expect(await store.corrections.ofWords([wordsHash({ body: changed }) ?? ''])).toEqual([]);
    });

    test('are found by an index', async () => {
      const plan = await store.transaction(async ({ executor }) => {
        await executor.execute(sql`
          insert into switchboard.examples (id, intent, source, content_hash, example, words_hash)
          select 'plan-' || n, 'orders/status', 'feedback', '', '{}', 'hash-' || n from generate_series(1, 5000) n`);
        await executor.execute(sql`analyze switchboard.examples`);
        const { rows } = await executor.execute(sql`explain ${selectOfWords(executor, ['hash-7', 'hash-8'])}`);
        await executor.execute(sql`delete from switchboard.examples where id like 'plan-%'`);
        return JSON.stringify(rows);
      });
      expect(plan).toContain('examples_words_hash');
      expect(plan).not.toMatch(/Seq Scan on (?:\w+\.)?(?:examples|classifications|tickets)/);
    });
  });
});

test('a store that is down is an error of its own, and no engine is asked', async () => {
  const { context, classifierCalls } = createPipelineFixture({ store: { kind: 'embedded' } as Store });
  const down = new StoreUnavailableError({ message: 'The database does not answer.' });
  const classifier = correctTwins({ ...context, corrections: { ofWords: () => Promise.reject(down) } });
  const ticket = { id: 't', body: 'Where is my box?' };
  await expect(classifier.classify({ ticket, taxonomy: context.taxonomy })).rejects.toBe(down);
  expect(classifierCalls).toEqual([]);
});

describe('settling corrections', () => {
  const { taxonomy } = createPipelineFixture({ store: { kind: 'embedded' } as Store }).context;
  const correction = (parts: Partial<Correction>): Correction => ({
    ...{ wordsHash: 'h', exampleId: 'e', ticketId: 't', intent: 'orders/returns', state: 'active' },
    ...{
      at: '2026-11-26T10:00:00.000Z',
      actor: null,
      by: null,
      urgency: null,
      sentiment: null,
      language: null,
      ...parts,
    },
  });

  test('takes the newest of those that agree, by the present ids of intents', () => {
    const found = [correction({ exampleId: 'a' }), correction({ exampleId: 'b', intent: 'sending-back' })];
    expect(settleCorrections(found, taxonomy)).toMatchObject({ exampleId: 'b', intent: 'orders/returns' });
  });

  test('does not count an intent that the taxonomy no longer has', () => {
    expect(settleCorrections([correction({ intent: 'gone' })], taxonomy)).toBeNull();
    expect(settleCorrections([correction({}), correction({ intent: 'gone' })], taxonomy)).toMatchObject({
      intent: 'orders/returns',
    });
  });
});
