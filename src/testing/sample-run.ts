import type { StoredRun } from '../evaluation/run/run-folder.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { sampleClassification } from './sample-values.ts';

/** A finished run in which every ticket got the same answer, with an explanation. */
export function sampleRun({ path, tickets }: { path: string; tickets: readonly LabelledTicket[] }): StoredRun {
  return {
    path,
    answers: tickets.map(({ id }) => ({
      trial: 'main',
      ticketId: id,
      outcome: 'answered',
      classification: sampleClassification({ reasoning: 'Because.' }),
      error: null,
      elapsedMs: 1,
    })),
    manifest: {
      id: 'run-1',
      startedAt: '2026-11-22T10:00:00Z',
      codeVersion: '0',
      nodeVersion: '0',
      classifier: { kind: 'local', why: '' },
      models: [],
      config: null,
      calibrations: [],
      settings: '',
      taxonomy: { file: null, name: '', version: '' },
      dataset: [],
      stored: null,
      examples: { count: 0, sha256: '' },
      launch: null,
      leakage: { dropped: 0, byId: 0, byGroup: 0, byText: 0 },
      seed: 1,
      criteria: [],
      timeLimitMs: 1,
    },
  };
}
