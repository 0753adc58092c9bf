// What people do with the items of the same two tickets at once, on PostgreSQL; on PGlite transactions take turns. For a longer
// look, set REVIEW_STRESS_ROUNDS to some hundreds.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, systemActor } from '../../base/actor.ts';
import { ConflictError, InputError, NotFoundError } from '../../errors.ts';
import { isDeadlock } from '../../store/database-error.ts';
import { reviewKinds } from '../../store/review-kinds.ts';
import type { Feedback, Store } from '../../store/store.ts';
import { createPipelineFixture } from '../../testing/pipeline-fixture.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { openTestPostgresql, type TestStore, testDatabaseUrl } from '../../testing/test-stores.ts';
import { approveExample } from '../learn/approve.ts';
import { removeExamples } from '../learn/change-examples.ts';
import { giveFeedback } from '../learn/give-feedback.ts';
import { undoFeedback } from '../learn/undo-feedback.ts';
import { createPipeline } from '../pipeline.ts';
import { giveVerdict } from './give-verdict.ts';
import { holdItems } from './hold-items.ts';
import { undoVerdict } from './undo-verdict.ts';

const kinds = reviewKinds;
const TICKETS = 2;
const ROUNDS = Number(process.env.REVIEW_STRESS_ROUNDS ?? 20);
const REVIEWERS = 10;

describe.skipIf(testDatabaseUrl === null)('ten reviewers of two tickets at once on PostgreSQL', () => {
  let opened: TestStore;
  let store: Store;
  beforeAll(async () => {
    opened = await openTestPostgresql();
    store = opened.store;
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  /** The store, which counts the deadlocks that PostgreSQL has ended: what is tried again then looks as if there was none. */
  const countingDeadlocks = (): { store: Store; count: () => number } => {
    let count = 0;
    const transaction: Store['transaction'] = async (...given) => {
      try {
        return await store.transaction(...given);
      } catch (error) {
        if (isDeadlock(error)) count += 1;
        throw error;
      }
    };
    return { store: { ...store, transaction }, count: () => count };
  };

  test.each(['immediate', 'review'] as const)(
    'learning "%s": nobody waits for another in a circle',
    async (feedback) => {
      const counting = countingDeadlocks();
      const { context } = createPipelineFixture({
        store: counting.store,
        classify: async () => sampleClassification({ intent: 'orders/status', abstained: true }),
        learning: { feedback, maxCorrectionsPerHour: 100_000 },
      });
      const pipeline = createPipeline(context);
      const ticketIds = Array.from({ length: TICKETS }, (_, n) => `${feedback}-${n}`);
      for (const id of ticketIds) {
        const ticket = { id, body: `It broke, says ${id}` };
        const ref = await pipeline.intake({ connector: 'api', ticket, actor: systemActor });
        await pipeline.decide.decide(ref);
      }

      const faults: unknown[] = [];
      const done = new Map<string, number>();
      /** What another one was faster with is no fault. */
      const attempt = async (name: string, work: () => Promise<unknown>) => {
        try {
          await work();
          done.set(name, (done.get(name) ?? 0) + 1);
        } catch (error) {
          if (error instanceof ConflictError || error instanceof NotFoundError || error instanceof InputError) return;
          faults.push(error);
        }
      };
      let seed = 1;
      const pick = <T>(from: readonly T[]): T => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        return from[Math.floor((seed / 2_147_483_648) * from.length)] as T;
      };
      const intent = () => pick(['orders/status', 'orders/returns', 'billing/invoices']);
      const review = async (actor: Actor) => {
        const holder = { actor, reviewer: 'tab' };
        const given: number[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const { items } = await holdItems(context, { holder, kinds, skipped: true, count: 5 });
          const verdicts = items.map(({ id, kind }) =>
            attempt('verdict', async () => {
              const judged = kind === 'correction' || kind === 'example';
              const verdict = pick(judged ? (['approve', 'reject'] as const) : (['right', 'wrong', 'skip'] as const));
              const said = verdict === 'wrong' ? { intent: intent(), team: pick(['orders', 'triage']) } : {};
              await giveVerdict(context, { id, holder, kinds, verdict, ...said });
              given.push(id);
            }),
          );
          // While one's own verdicts are stored.
          const asked = attempt('next', () =>
            holdItems(context, { holder, kinds, skipped: true, count: pick([0, 1, 3, 5]) }),
          );
          const ticketId = pick(ticketIds);
          const said: Feedback = pick([
            { intent: intent() },
            { outOfScope: true },
            { team: 'orders' },
            { team: 'triage' },
          ]);
          const others = pick([
            () => attempt('feedback', () => giveFeedback(context, { ticketId, feedback: said, actor })),
            () => attempt('undo', () => undoVerdict(context, { id: pick(given), actor, reviewer: 'tab' })),
            async () => {
              const [last] = (await store.feedback.ofTicket(ticketId)).slice(-1);
              if (last)
                await attempt('undo feedback', () => undoFeedback(context, { ticketId, feedbackId: last.id, actor }));
            },
            async () => {
              const [example] = await store.examples.ofTicket(ticketId);
              const id = example?.example.id ?? '';
              await attempt('approve', () => approveExample(context, { id, actor }));
              await attempt('remove', () => removeExamples(context, { ids: [id], actor }));
            },
            () =>
              attempt('move', () =>
                giveFeedback(context, {
                  ticketId,
                  feedback: { team: pick(['orders', 'triage']) },
                  actor: { kind: 'connector', id: 'desk' },
                }),
              ),
          ]);
          await Promise.all([...verdicts, asked, others()]);
        }
      };
      await Promise.all(Array.from({ length: REVIEWERS }, (_, n) => review({ kind: 'user', id: `user-${n}` })));
      expect(faults).toEqual([]);
      expect(counting.count()).toBe(0);
      for (const name of ['verdict', 'next', 'feedback', 'undo', 'undo feedback', 'remove', 'move'])
        expect([name, done.get(name)]).not.toEqual([name, undefined]);
    },
    120_000,
  );
});
