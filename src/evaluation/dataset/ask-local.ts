import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnProgress } from '../../base/progress.ts';
import type { Calibrations } from '../../classifiers/calibration/calibrations.ts';
import type { ConfidenceTarget } from '../../classifiers/calibration/confidence-target.ts';
import { createLocalClassifier } from '../../classifiers/local/create-local-classifier.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import { skipAutomatic } from '../../classifiers/skip-automatic.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { bareTicket } from './bare-ticket.ts';

/** The embedded engine's answer to a ticket that it was not trained on. */
export type HeldOutAnswer<Asked extends LabelledTicket = Example> = {
  readonly ticket: Asked;
  readonly predicted: string | null;
  readonly confidence: number;
  /** The engine was not sure enough for the target. */
  readonly abstained: boolean;
};

/** Questions queued for the engine's thread, so that the thread is never idle. */
const UNDER_WAY = 8;

/**
 * Trains the embedded engine on some tickets and asks it about others, as production does: not about automatic mail.
 * `cacheDir` keeps vectors for later calls.
 */
export async function askLocal<Asked extends LabelledTicket>(options: {
  readonly taxonomy: Taxonomy;
  readonly examples: readonly Example[];
  readonly asked: readonly Asked[];
  readonly cacheDir: string;
  /** What an answer must reach, so that the engine does not abstain. */
  readonly confidence: ConfidenceTarget;
  readonly embedder?: 'embedded' | 'none';
  readonly calibrations?: Calibrations;
  readonly step: string;
  readonly onProgress?: OnProgress;
}): Promise<HeldOutAnswer<Asked>[]> {
  const { step, asked, onProgress, ...engine } = options;
  const { taxonomy } = engine;
  onProgress?.({ step, done: 0, total: asked.length });
  const local = await createLocalClassifier(engine);
  const classifier = skipAutomatic(local);
  const answers: HeldOutAnswer<Asked>[] = [];
  try {
    for (let start = 0; start < asked.length; start += UNDER_WAY) {
      const group = asked.slice(start, start + UNDER_WAY);
      const said = await Promise.all(
        group.map((ticket) => classifier.classify({ ticket: bareTicket(ticket), taxonomy })),
      );
      group.forEach((ticket, i) => {
        const { intent = null, confidence: sureness = 0, abstained = true } = said[i] ?? {};
        answers.push({ ticket, predicted: intent, confidence: sureness, abstained });
      });
      onProgress?.({ step, done: answers.length, total: asked.length });
    }
  } finally {
    await local.close();
  }
  return answers;
}

/** Runs `work` with a temporary folder for vectors, which several engines share so that no text is encoded twice. */
export async function withVectorFolder<T>(work: (cacheDir: string) => Promise<T>): Promise<T> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'switchboard-vectors-'));
  try {
    return await work(cacheDir);
  } finally {
    await rm(cacheDir, { recursive: true, force: true, maxRetries: 3 });
  }
}
