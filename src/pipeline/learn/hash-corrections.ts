import { setImmediate } from 'node:timers/promises';
import type { CorrectionStore } from '../../store/store.ts';
import { wordsHash } from '../../ticket/words-hash.ts';

const CHUNK = 50;

/** Gives corrections that an earlier version stored the hash of their words, so that they decide tickets as new ones do. */
export async function hashCorrections(corrections: Pick<CorrectionStore, 'withoutHash' | 'setHash'>): Promise<void> {
  for (;;) {
    const found = await corrections.withoutHash(CHUNK);
    for (const { exampleId, ticket } of found) {
      await corrections.setHash({ exampleId, wordsHash: ticket === null ? '' : (wordsHash(ticket) ?? '') });
    }
    if (found.length < CHUNK) return;
    await setImmediate();
  }
}
