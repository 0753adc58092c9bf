import { z } from 'zod';
import { type Saying, say } from '../../base/say.ts';
import { sayingSchema } from '../../base/saying-schema.ts';

const fileSchema = z.object({ path: z.string(), sha256: z.string(), tickets: z.number() });

/** Everything needed to repeat a run; written once, when it starts. */
export const runManifestSchema = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  codeVersion: z.string(),
  nodeVersion: z.string(),
  classifier: z.object({ kind: z.string(), why: z.string(), whyFacts: sayingSchema }),
  /** Ids of the Claude models that the classifier may ask. */
  models: z.array(z.string()).default([]),
  /** The configuration file; null for the sample's, and where a program gave the settings. */
  config: z.string().nullable().default(null),
  /** The calibrations that the engine used. */
  calibrations: z.array(z.object({ engine: z.string(), version: z.string() })).default([]),
  /** Hash of the settings that affect answers, without secrets. */
  settings: z.string(),
  taxonomy: z.object({ file: z.string().nullable(), name: z.string(), version: z.string() }),
  dataset: z.array(fileSchema),
  examples: z.object({ count: z.number(), sha256: z.string() }),
  /** Imports and corrections among the examples, as they were in the store; null when they were not used. */
  stored: z.object({ count: z.number(), version: z.string() }).nullable().default(null),
  /** Hash of the tickets of new intents; null when known intents are withheld instead. */
  launch: z.string().nullable().default(null),
  leakage: z.object({ dropped: z.number(), byId: z.number(), byGroup: z.number(), byText: z.number() }),
  seed: z.number(),
  criteria: z.array(z.string()),
  timeLimitMs: z.number(),
});
export type RunManifest = z.infer<typeof runManifestSchema>;

/** What must be unchanged for a run to be resumed, each with its name for messages. */
const identity: readonly (readonly [Saying, (manifest: RunManifest) => unknown])[] = [
  [say('run.data-set', 'data set'), (m) => m.dataset.map(({ sha256 }) => sha256)],
  [say('run.taxonomy', 'taxonomy'), (m) => m.taxonomy.version],
  [say('run.examples', 'examples'), (m) => m.examples.sha256],
  [say('run.stored', 'stored examples (--stored)'), (m) => m.stored?.version],
  [say('run.launch', 'tickets of new intents'), (m) => m.launch],
  [say('run.classifier', 'classifier'), (m) => m.classifier.kind],
  [say('run.calibrations', 'calibrations'), (m) => m.calibrations],
  [say('run.settings', 'settings of the classifier'), (m) => m.settings],
];

/** Names of the parts in which two runs differ. */
export function differencesBetween(first: RunManifest, second: RunManifest): Saying[] {
  return identity
    .filter(([, part]) => JSON.stringify(part(first)) !== JSON.stringify(part(second)))
    .map(([name]) => name);
}
