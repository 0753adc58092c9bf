import { listCalibrationFiles } from '../app/calibration-files.ts';
import type { Health } from '../app/health.ts';
import type { App } from '../app.ts';
import { keepBriefly } from '../base/keep-briefly.ts';
import { type Saying, say, verbatim } from '../base/say.ts';
import { checkClaudeAnswers } from './check-engine.ts';
import { describeExamples } from './check-examples.ts';
import { describeServer } from './check-server.ts';
import { examine } from './examine.ts';
import { type Finding, finding } from './finding.ts';

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
  const claude = keepBriefly({
    now,
    keptMs: (findings) => (findings.some(({ status }) => status === 'failed') ? KEPT_MS : CLAUDE_KEPT_MS),
    find: () => checkClaudeAnswers(config, async () => ({ modelUse: app.modelUse, close: async () => undefined })),
  });
  const all = keepBriefly({
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
    ? finding('store', 'ok', describePlace(store))
    : { check: 'store', status: 'failed', detail: store.error ?? 'it does not respond' };
  return [
    found,
    describeServer({ store, ...rest, degraded: [...rest.degraded] }),
    ...describeExamples(rest.unknownIntents),
  ];
}

function describePlace({ kind, location }: Health['store']): Saying {
  const text = `${kind}, ${location}`;
  return kind === 'embedded' ? say('doctor.embedded-store', text, { location }) : verbatim(text);
}
