import { listCalibrationFiles } from '../app/calibration-files.ts';
import type { App } from '../app.ts';
import { checkClaudeAnswers } from './check-engine.ts';
import { describeExamples } from './check-examples.ts';
import { describeServer } from './check-server.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';

/** What a running server is asked about itself. */
export type ExaminedApp = Pick<App, 'config' | 'health' | 'listCalibrations' | 'modelUse'>;

/** What was found, and when. */
export type Examination = { readonly checkedAt: string; readonly findings: readonly Finding[] };

/** Somebody who presses a button again, or another browser, gets what was found a moment ago. */
const KEPT_MS = 30_000;
/** Each look at Claude is a paid call (about 0.0002 USD with Haiku 5.5), so an answer is taken for granted for longer. */
const CLAUDE_KEPT_MS = 10 * 60_000;

/**
 * Returns a function that examines the running server: its own store, budget and calibrations, and nothing opened a second
 * time. One examination runs at a time.
 */
export function createServerDoctor(
  app: ExaminedApp,
  { now = () => Date.now() }: { now?: () => number } = {},
): () => Promise<Examination> {
  const { config } = app;
  const claude = keep({
    now,
    keptMs: (findings) => (findings.some(({ status }) => status === 'failed') ? KEPT_MS : CLAUDE_KEPT_MS),
    find: () => checkClaudeAnswers(config, async () => ({ modelUse: app.modelUse, close: async () => undefined })),
  });
  const all = keep({
    now,
    keptMs: () => KEPT_MS,
    find: async () => {
      const findings = await examine(config, {
        runsDir: config.runsDir,
        claude,
        calibrations: async (place) => ({
          files: await listCalibrationFiles(place),
          stored: await app.listCalibrations(),
        }),
        store: () => describeOwnStore(app),
        // The server listens on its ports already.
        ports: async () => [],
      });
      return { checkedAt: new Date(now()).toISOString(), findings };
    },
  });
  return all;
}

async function describeOwnStore({ health }: ExaminedApp): Promise<Finding[]> {
  const { store, ...rest } = await health();
  const found: Finding = store.ok
    ? { check: 'store', status: 'ok', detail: `${store.kind}, ${store.location}` }
    : { check: 'store', status: 'failed', detail: store.error ?? 'it does not respond' };
  return [
    found,
    describeServer({ store, ...rest, degraded: [...rest.degraded] }),
    ...describeExamples(rest.unknownIntents),
  ];
}

/** Calls `find` when nothing is kept; callers meanwhile wait for the same result. What fails is not kept. */
function keep<T>(options: {
  now: () => number;
  keptMs: (found: T) => number;
  find: () => Promise<T>;
}): () => Promise<T> {
  const { now, keptMs, find } = options;
  let kept: { readonly found: T; readonly untilMs: number } | null = null;
  let finding: Promise<T> | null = null;
  return () => {
    if (kept !== null && now() < kept.untilMs) return Promise.resolve(kept.found);
    finding ??= find()
      .then((found) => {
        kept = { found, untilMs: now() + keptMs(found) };
        return found;
      })
      .finally(() => {
        finding = null;
      });
    return finding;
  };
}
