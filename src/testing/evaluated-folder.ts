import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/config-schema.ts';
import { loadConfig } from '../config/load-config.ts';
import { loadWorkspace } from '../config/load-workspace.ts';
import { loadDataset } from '../evaluation/dataset/load-dataset.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { scriptedClassifier } from './scripted-classifier.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type EvaluatedFolder = AsyncDisposable & {
  readonly path: string;
  readonly config: LoadedConfig;
  /** The file of labelled tickets that the runs are about. */
  readonly dataset: string;
  /** Adds a run in which the tickets of these numbers are wrong, and returns its id; `stopsAt` leaves it incomplete. */
  run(options: { wrong: readonly number[]; stopsAt?: number }): Promise<string>;
};

const TICKETS = 40;

/** A folder with a configuration, a taxonomy and labelled tickets, in which a scripted engine can be evaluated. */
export async function evaluatedFolder(): Promise<EvaluatedFolder> {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  await writeFile(
    at('taxonomy.yaml'),
    'name: A shop\nintents:\n  - { id: billing, name: Billing, description: Money. }\n  - { id: orders, name: Orders, description: Parcels. }\n',
  );
  const tickets = Array.from({ length: TICKETS }, (_, i) => ({
    id: `t-${i}`,
    body: `<b>ticket</b> number ${i}`,
    intent: 'billing',
  }));
  const dataset = at('test.jsonl');
  await writeFile(dataset, tickets.map((ticket) => JSON.stringify(ticket)).join('\n'));
  await writeFile(at('switchboard.yaml'), 'evaluation: { dataset: test.jsonl, runs: evaluations }\n');
  const config = await loadConfig({ cwd: folder.path, env: {} });
  const { taxonomy } = await loadWorkspace(config);
  return {
    path: folder.path,
    config,
    dataset,
    async run({ wrong, stopsAt }) {
      const ids = new Set(wrong.map((i) => `t-${i}`));
      const stopping = new AbortController();
      let asked = 0;
      const { manifest } = await evaluate({
        subject: {
          engine: { kind: 'scripted', why: 'a test' },
          taxonomy,
          taxonomyFile: config.settings.taxonomy,
          examples: [],
          build: async () =>
            scriptedClassifier(({ id }) => {
              asked += 1;
              if (asked === stopsAt) stopping.abort();
              return { intent: ids.has(id) ? 'orders' : 'billing', confidence: 0.9, costUsd: 0.01 };
            }),
          settings: {},
          routing: null,
        },
        dataset: await loadDataset({ files: [dataset], taxonomy }),
        criteria: ['routing-accuracy', 'calibration'],
        runsDir: config.runsDir,
        signal: stopping.signal,
        concurrency: 1,
        codeVersion: '0.0.0',
      });
      return manifest.id;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
