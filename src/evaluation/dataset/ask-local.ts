import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnProgress } from '../../base/progress.ts';
import type { ConfidenceTarget } from '../../classifiers/calibration/confidence-target.ts';
import { createLocalClassifier } from '../../classifiers/local/create-local-classifier.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { bareTicket } from './bare-ticket.ts';

/** The embedded engine's answer to a ticket that it was not trained on. */
export type HeldOutAnswer = {
  readonly ticket: Example;
  readonly predicted: string | null;
  readonly confidence: number;
  /** The engine was not sure enough for the target. */
  readonly abstained: boolean;
};

/** Questions queued for the engine's thread, so that the thread is never idle. */
const UNDER_WAY = 8;

/** Trains the embedded engine on some tickets and asks it about others; `cacheDir` keeps vectors for later calls. */
export async function askLocal(options: {
  readonly taxonomy: Taxonomy;
  readonly examples: readonly Example[];
  readonly asked: readonly Example[];
  readonly cacheDir: string;
  /** What an answer must reach, so that the engine does not abstain. */
  readonly confidence: ConfidenceTarget;
  readonly step: string;
  readonly onProgress?: OnProgress;
}): Promise<HeldOutAnswer[]> {
  const { taxonomy, examples, asked, cacheDir, confidence, step, onProgress } = options;
  onProgress?.({ step, done: 0, total: asked.length });
  const classifier = await createLocalClassifier({ taxonomy, examples, cacheDir, confidence });
  const answers: HeldOutAnswer[] = [];
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
    await classifier.close();
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
