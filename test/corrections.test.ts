// A correction and its twins, with the real engine, through the doors that decide: tickets, POST /v1/route, the library.
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createSwitchboard, type RouteResult } from '../src/index.ts';
import { createShopDir } from './cli-harness.ts';
import { postJson, startService } from './http-harness.ts';

// Training an engine again takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const question = 'Why is there an extra charge on my credit card?';

/** Slow, so only with TEST_PROCESSES, which .ci/run sets. */
const slow = test.skipIf(!process.env.TEST_PROCESSES);

slow('a twin is decided by the correction at once, and never with less confidence', async () => {
  using dir = createShopDir();
  const measured = new Map<string, { intent: string | null; confidence: number; stage: string }>();
  {
    await using service = await startService({ dir: dir.path });
    const { url, app } = service;
    const json = async (response: Response) => {
      expect(response.ok).toBe(true);
      // The reply of our own server, checked by its own tests.
      return (await response.json()) as RouteResult & { id: number };
    };
    const measure = async (when: string, request: () => Promise<RouteResult>) => {
      const { classification } = await request();
      const { intent, confidence, stage } = classification;
      measured.set(when, { intent, confidence, stage });
      return classification;
    };
    const route = async () => json(await postJson(`${url}/v1/route`, { body: question }));
    const post = async (id: string) => json(await postJson(`${url}/v1/tickets?wait=30s`, { id, body: question }));

    await measure('before', route);
    const { ticketId } = await post('first');
    const feedback = `${url}/v1/tickets/${ticketId}/feedback`;
    const { id } = await json(await postJson(feedback, { intent: 'returns' }));
    const atOnce = await measure('right after, routed', route);
    expect(atOnce.stageReason).toMatch(/^A person gave this text this intent on 20\d\d-/);
    await measure('right after, posted', () => post('second'));
    // Waits until the engine has learned the correction.
    await app.eraseTraces();
    await measure('after training', route);

    const undone = await fetch(`${feedback}/${id}`, { method: 'DELETE' });
    expect(undone.ok).toBe(true);
    expect((await route()).classification.stage).toBe('local');
    await app.eraseTraces();
    await measure('undone', route);
    await json(await postJson(feedback, { intent: 'returns' }));
  }
  const corrected = { intent: 'returns', confidence: 1, stage: 'correction' };
  expect(Object.fromEntries(measured)).toEqual({
    before: { intent: 'billing', confidence: expect.any(Number), stage: 'local' },
    'right after, routed': corrected,
    'right after, posted': corrected,
    'after training': corrected,
    undone: measured.get('before'),
  });
  expect(measured.get('before')?.confidence).toBeLessThan(1);

  const config = join(dir.path, 'switchboard.yaml');
  for (const stored of [true, false]) {
    const switchboard = await createSwitchboard({ config, stored });
    const { stage } = await switchboard.classify({ body: question });
    await switchboard.close();
    expect(stage).toBe(stored ? 'correction' : 'local');
  }
});
