import { expect, test } from 'vitest';
import type { ReviewItem } from './api-types.ts';
import { ApiError } from './call-api.ts';
import type { ReviewApi } from './review.ts';
import { ReviewQueue } from './review-queue.ts';

const item = (id: number): ReviewItem => ({
  ...{ id, kind: 'abstained', why: '', ticketId: `t-${id}`, feedbackId: null, exampleId: null },
  ...{ suggestion: null, heldUntil: '2026-11-27T10:00:00.000Z' },
});
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A server with this many items, which answers at once or when it is let. */
function serve(count: number, change: Partial<ReviewApi> = {}) {
  const waiting = new Map(Array.from({ length: count }, (_, index) => [index + 1, item(index + 1)]));
  const calls: string[] = [];
  const api: ReviewApi = {
    next: async ({ count: most = 1 }) => ({
      items: [...waiting.values()].toSorted((a, b) => a.id - b.id).slice(0, most),
      remaining: waiting.size,
    }),
    decide: async (id, { verdict }) => {
      calls.push(`${verdict} ${id}`);
      if (!waiting.delete(id)) throw new ApiError({ status: 409, code: 'conflict', message: 'taken' });
      const nothing = { hint: null, exampleWaits: null };
      return { id, verdict, feedbackId: id, remaining: waiting.size, movedTo: null, moveTo: 'billing', ...nothing };
    },
    undo: async (id) => {
      calls.push(`undo ${id}`);
      waiting.set(id, item(id));
      return item(id);
    },
    say: async (ticketId, { team }) => {
      calls.push(`${ticketId} to ${team}`);
      return 77;
    },
    takeBack: async (ticketId, id) => {
      calls.push(`take back ${id} of ${ticketId}`);
      return null;
    },
    leave: async () => ({ items: [], remaining: waiting.size }),
    ...change,
  };
  const queue = new ReviewQueue({ api, reviewer: 'tab' });
  const shown = () => queue.view().items[0]?.id ?? null;
  return { queue, shown, calls, waiting };
}

test('the next item is shown before the last one is stored, and the last of all leaves nothing', async () => {
  const { queue, shown, calls } = serve(6);
  await queue.want({});
  const seen: (number | null)[] = [];
  for (let n = 0; n < 6; n += 1) {
    seen.push(shown());
    queue.decide({ verdict: 'right' });
    if (n % 3 === 2) await settled();
  }
  await settled();
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  expect(calls).toHaveLength(6);
  expect(queue.view()).toMatchObject({ items: [], remaining: 0, isLoading: false });
  queue.decide({ verdict: 'right' });
  expect(calls).toHaveLength(6);
});

test('what counts as done changes once the server has stored or taken back, and not before', async () => {
  let answer = () => {};
  const { queue } = serve(2, {
    undo: (id) =>
      new Promise((resolve) => {
        answer = () => resolve(item(id));
      }),
  });
  await queue.want({});
  queue.decide({ verdict: 'right' });
  expect(queue.view().stored).toBe(0);
  await settled();
  expect(queue.view().stored).toBe(1);
  const undone = queue.undo();
  await settled();
  expect(queue.view()).toMatchObject({ done: [], stored: 1 });
  answer();
  await undone;
  expect(queue.view().stored).toBe(2);
});

test('verdicts are taken back one after the other, with what followed from them', async () => {
  const { queue, shown, calls } = serve(3);
  await queue.want({});
  queue.decide({ verdict: 'right' });
  queue.decide({ verdict: 'right' });
  await settled();
  await queue.move();
  await queue.move();
  await queue.undo();
  expect(shown()).toBe(2);
  expect(queue.view().takenBack).toMatchObject({ id: 2 });
  // The verdict before is named first, and can neither be taken back nor moved unseen.
  await queue.move();
  await queue.undo();
  expect(queue.view()).toMatchObject({ takenBack: null, done: [{ item: { id: 1 } }] });
  await queue.undo();
  expect(shown()).toBe(1);
  await queue.undo();
  expect(calls).toEqual(['right 1', 'right 2', 't-2 to billing', 'take back 77 of t-2', 'undo 2', 'undo 1']);
  await settled();
  expect(queue.view()).toMatchObject({ done: [], remaining: 3 });
});

test('a verdict that is taken back while it is being stored is stored first', async () => {
  const { queue, shown, calls } = serve(2);
  await queue.want({});
  queue.decide({ verdict: 'wrong', intent: 'a' });
  await queue.undo();
  expect(calls).toEqual(['wrong 1', 'undo 1']);
  expect(shown()).toBe(1);
});

test('what somebody else has settled is passed over, and the page says so', async () => {
  const { queue, shown, waiting } = serve(3);
  await queue.want({});
  waiting.delete(1);
  queue.decide({ verdict: 'right' });
  await settled();
  expect(queue.view()).toMatchObject({ wasTaken: true, done: [] });
  expect(shown()).toBe(2);
  queue.decide({ verdict: 'right' });
  await settled();
  expect(queue.view()).toMatchObject({ wasTaken: false });
  waiting.delete(3);
  await queue.refill();
  expect(queue.view()).toMatchObject({ wasTaken: true, items: [] });
});

test('what cannot be stored is shown again with the reason, until it is said again', async () => {
  let isAway = true;
  const stored: number[] = [];
  const { queue, shown } = serve(2, {
    decide: async (id, { verdict }) => {
      if (isAway) throw new ApiError({ status: null, code: 'unreachable', message: 'away' });
      stored.push(id);
      return {
        id,
        verdict,
        feedbackId: null,
        remaining: 1,
        movedTo: null,
        moveTo: null,
        hint: null,
        exampleWaits: null,
      };
    },
  });
  await queue.want({});
  queue.decide({ verdict: 'right' });
  expect(shown()).toBe(2);
  await settled();
  expect(shown()).toBe(1);
  expect(queue.view()).toMatchObject({ done: [], error: { message: 'away' } });
  await queue.retry();
  expect(queue.view().error).toBeNull();
  isAway = false;
  queue.decide({ verdict: 'right' });
  await settled();
  expect(queue.view().error).toBeNull();
  expect(stored).toEqual([1]);
});

test('who has left holds nothing more when a verdict is stored or an answer comes, until the page is seen again', async () => {
  let asked = 0;
  const answers: (() => void)[] = [];
  const wait = () => new Promise<void>((resolve) => answers.push(resolve));
  const { queue } = serve(3, {
    next: async () => {
      asked += 1;
      if (asked > 1) await wait();
      return { items: [item(asked)], remaining: 1 };
    },
    decide: async (id, { verdict }) => {
      await wait();
      return { id, verdict, feedbackId: id, remaining: 0, movedTo: null, moveTo: null, hint: null, exampleWaits: null };
    },
  });
  await queue.want({});
  queue.decide({ verdict: 'right' });
  queue.leave();
  answers.shift()?.();
  await settled();
  expect(asked).toBe(1);
  void queue.refill();
  void queue.refill();
  queue.leave();
  answers.shift()?.();
  await settled();
  expect(asked).toBe(2);
});

test('a verdict asks for the move of its ticket, and one that is not about a ticket does not', async () => {
  const bodies: object[] = [];
  const { queue } = serve(2, {
    decide: async (id, body) => {
      bodies.push(body);
      return {
        id,
        verdict: body.verdict,
        ...{ feedbackId: id, remaining: 1, movedTo: 'billing', moveTo: null },
        ...{ hint: null, exampleWaits: null },
      };
    },
  });
  await queue.want({});
  queue.decide({ verdict: 'right' });
  queue.decide({ verdict: 'approve' });
  await settled();
  expect(bodies).toEqual([
    { verdict: 'right', move: true, reviewer: 'tab' },
    { verdict: 'approve', reviewer: 'tab' },
  ]);
});

test('what could not be taken back can be taken back later, and the error ends with the connection', async () => {
  let isAway = true;
  const { queue, shown, waiting } = serve(2, {
    undo: async (id) => {
      if (isAway) throw new ApiError({ status: null, code: 'unreachable', message: 'away' });
      waiting.set(id, item(id));
      return item(id);
    },
  });
  await queue.want({});
  queue.decide({ verdict: 'right' });
  await settled();
  await queue.undo();
  expect(queue.view()).toMatchObject({ error: { message: 'away' }, takenBack: null, done: [{ item: { id: 1 } }] });
  isAway = false;
  await queue.reconnect();
  expect(queue.view().error).toBeNull();
  await queue.undo();
  expect(shown()).toBe(1);
});

test('while the server is away the item stays, and the error ends with the first answer', async () => {
  let isAway = false;
  const { queue, shown } = serve(0, {
    next: async () => {
      if (isAway) throw new ApiError({ status: null, code: 'unreachable', message: 'away' });
      return { items: [item(1)], remaining: 1 };
    },
  });
  await queue.want({});
  isAway = true;
  await queue.refill();
  expect(queue.view()).toMatchObject({ error: { message: 'away' } });
  expect(shown()).toBe(1);
  isAway = false;
  await queue.refill();
  expect(queue.view().error).toBeNull();
});
