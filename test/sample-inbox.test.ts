// Trains the engine on the sample company, which takes long: only where whole programs are tested.
import { expect, test } from 'vitest';
import { createDecider } from '../src/app.ts';
import { readSampleInbox } from '../src/cli/serve/play-inbox.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { temporaryFolder } from '../src/testing/temporary-folder.ts';

/** The share of a first day's tickets that triage should look at, at most. */
const MOST_IN_TRIAGE = 0.35;

test.skipIf(!process.env.TEST_PROCESSES)(
  'without a key, most tickets of the sample company reach a desk, and every one that waits has a clock',
  { timeout: 300_000 },
  async () => {
    await using folder = await temporaryFolder();
    const decider = await createDecider({ config: await loadConfig({ cwd: folder.path, env: {} }) });
    const decisions = [];
    for (const ticket of await readSampleInbox()) {
      decisions.push({ ticket, ...(await decider.route(ticket)).decision });
    }
    await decider.close();
    expect(decisions.length).toBeGreaterThanOrEqual(60);
    const inTriage = decisions.filter(({ team }) => team === 'triage');
    expect(inTriage.length / decisions.length).toBeLessThanOrEqual(MOST_IN_TRIAGE);
    const withoutClock = decisions.filter(
      ({ sla, rule }) => sla.firstResponseDueAt === null && rule !== 'triage-machines',
    );
    expect(withoutClock.map(({ ticket, rule }) => `${ticket.subject ?? ticket.body}: ${rule}`)).toEqual([]);
    const intruder = decisions.find(({ ticket }) => ticket.body?.includes('back door'));
    expect(intruder).toMatchObject({ team: 'on-call', priority: 'urgent', sla: { name: 'p1' } });
  },
);
