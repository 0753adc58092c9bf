import { z } from 'zod';
import { durationSchema } from '../base/duration.ts';
import { confidenceTargetSchema } from '../classifiers/calibration/confidence-settings.ts';
import { claudeSettingsSchema } from '../classifiers/claude/settings.ts';
import { retrievalSettingsSchema } from '../classifiers/retrieval/settings.ts';
import { connectorsSchema } from '../connectors/connector-settings.ts';
import type { ConnectorSecrets } from '../connectors/create-connectors.ts';
import { routingRuleSchema, slaSchema, teamSchema } from '../routing/routing-config.ts';
import { evaluationSettingsSchema } from './evaluation-settings.ts';
import { serverSettingsSchema } from './server-settings.ts';

export const classifierKinds = ['auto', 'local', 'claude', 'cascade'] as const;
export type ClassifierKind = (typeof classifierKinds)[number];

/** What a correction by a person does. */
export const learningSettingsSchema = z.strictObject({
  feedback: z
    .enum(['immediate', 'review'])
    .default('immediate')
    .describe('immediate: the engine learns a correction at once; review: when somebody has approved it.'),
  maxCorrectionsPerHour: z
    .number()
    .int()
    .min(1)
    // Somebody who reviews tickets all day corrects up to 200 an hour.
    .default(300)
    .describe('Corrections of one person or token that are learned in an hour; more of them wait for a review.'),
});

const DAY_MS = 24 * 60 * 60_000;

const httpClassifierSchema = z.strictObject({
  http: z.url().describe('Address that tickets are posted to.'),
  redaction: z
    .boolean()
    .optional()
    .describe('Whether this classifier gets redacted tickets; as `redaction` when left out.'),
});

/** `switchboard.yaml` with its defaults. File names are relative to the file itself until the loader resolves them. */
export const configSchema = z.strictObject({
  taxonomy: z.string().default('taxonomy.yaml').describe('File of the tree of intents.'),
  examples: z.array(z.string()).default([]).describe('Files of labelled tickets, one JSON object a line.'),
  classifier: z
    .union([z.enum(classifierKinds), httpClassifierSchema])
    .default('auto')
    .describe(
      'The engine: auto is cascade with an ANTHROPIC_API_KEY and local without; http is a classifier of your own.',
    ),
  server: serverSettingsSchema.prefault({}),
  dataDir: z
    .string()
    .default('.switchboard')
    .describe('Folder of the embedded store, trained models and the file connector.'),
  claude: claudeSettingsSchema.prefault({}),
  retrieval: retrievalSettingsSchema.prefault({}),
  confidence: confidenceTargetSchema.default({ targetPrecision: 0.95 }),
  redaction: z.boolean().default(true).describe('Take out what identifies people before a ticket leaves the machine.'),
  triageTeam: z
    .string()
    .default('triage')
    .describe('Team for tickets that no rule takes or that no engine is sure of.'),
  teams: z.array(teamSchema).default([]),
  routing: z.array(routingRuleSchema).default([]).describe('Rules from ticket to team; the first that matches wins.'),
  slas: z.record(z.string(), slaSchema).default({}).describe('Targets by name, for rules to refer to.'),
  connectors: connectorsSchema
    .default({})
    .describe('Where tickets come from and decisions go, by name; api is the HTTP API.'),
  learning: learningSettingsSchema.prefault({}),
  retention: durationSchema
    .refine(
      (ms) => ms >= DAY_MS,
      'tickets would be deleted before anybody has seen them. Write 1d or more, such as 180d',
    )
    .optional()
    .describe('How long tickets are kept, for example 180d; for ever when left out.'),
  evaluation: evaluationSettingsSchema.prefault({}),
});
export type SwitchboardConfig = z.infer<typeof configSchema>;

/** Values that come only from the environment. */
export type Secrets = {
  readonly anthropicApiKey: string | null;
  readonly anthropicBaseUrl: string | null;
  readonly voyageApiKey: string | null;
  readonly databaseUrl: string | null;
  readonly token: string | null;
  readonly connectors: ConnectorSecrets;
};

/** The configuration as the rest of the program sees it: checked, defaulted, paths absolute. */
export type LoadedConfig = {
  readonly settings: SwitchboardConfig;
  readonly secrets: Secrets;
  /** The file it came from; null when the sample company is used because there is none. */
  readonly file: string | null;
  /** True when no configuration was found and the sample company stands in. */
  readonly isSample: boolean;
  /** Where a setting was written, for messages about it; missing when the configuration was not loaded from anywhere. */
  readonly locate?: (path: readonly PropertyKey[]) => { readonly file: string; readonly line: number | null };
};
