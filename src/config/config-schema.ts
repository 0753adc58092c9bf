import { z } from 'zod';
import { durationSchema } from '../base/duration.ts';
import { confidenceTargetSchema } from '../classifiers/calibration/confidence-settings.ts';
import { claudeSettingsSchema } from '../classifiers/claude/settings.ts';
import { retrievalSettingsSchema } from '../classifiers/retrieval/settings.ts';
import { connectorsSchema } from '../connectors/connector-settings.ts';
import type { ConnectorSecrets } from '../connectors/create-connectors.ts';
import { calendarSchema } from '../routing/calendar-settings.ts';
import { routingRuleSchema, slaSchema, teamSchema } from '../routing/routing-config.ts';
import { urgencyPhrasesSchema } from '../routing/urgency-phrases.ts';
import { evaluationSettingsSchema } from './evaluation-settings.ts';
import { serverSettingsSchema } from './server-settings.ts';

export const classifierKinds = ['auto', 'local', 'claude', 'cascade'] as const;
export type ClassifierKind = (typeof classifierKinds)[number];

/** `learning:` of the configuration: what a correction by a person does. */
export const learningSettingsSchema = z.strictObject({
  feedback: z
    .enum(['immediate', 'review'])
    .default('immediate')
    .describe('When the engine learns a correction. immediate: at once; review: after somebody has approved it.'),
  maxCorrectionsPerHour: z
    .number()
    .int()
    .min(1)
    // A person who reviews tickets all day corrects up to 200 an hour.
    .default(300)
    .describe('How many corrections of one person or token are learned in an hour; the others wait for a review.'),
  reviewBelow: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe(
      'Tickets that were decided with less confidence than this wait for a review, like those that nobody knew; 0: none of them.',
    ),
});

/** `urgency:` of the configuration: how the urgency of a ticket is read when its engine gives none. */
const urgencySettingsSchema = z.strictObject({
  phrases: z
    .union([z.string(), urgencyPhrasesSchema])
    .default({})
    .describe(
      'Phrases of your own, beside the built-in ones: a YAML file, or its content. By what they say, then by language; plain words, not patterns.',
    ),
});

const DAY_MS = 24 * 60 * 60_000;

/** What `fetch` can send to: with another protocol, or with credentials in the address, each ticket would fail. */
const isPostable = (url: string) => /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i.test(url);

const httpClassifierSchema = z.strictObject({
  http: z
    .url()
    .refine(
      isPostable,
      'this does not begin with http:// or https://, or it contains a user name or a password. Write it as https://host/path',
    )
    .describe('Address of your own classifier: each ticket is sent there by POST.'),
  redaction: z
    .boolean()
    .optional()
    .describe('Whether this classifier gets redacted tickets; the top-level `redaction` counts when left out.'),
});

/** The schema and the defaults of `switchboard.yaml`. The loader resolves file names, which are relative to that file. */
export const configSchema = z.strictObject({
  taxonomy: z.string().default('taxonomy.yaml').describe('File with the tree of intents.'),
  examples: z
    .array(z.string())
    .default([])
    .describe('Files of labelled tickets that the engine learns from, with one JSON object per line.'),
  classifier: z
    .union([z.enum(classifierKinds), httpClassifierSchema])
    .default('auto')
    .describe(
      'The engine. local: the embedded engine; claude: Claude; cascade: the embedded engine where it is sure, otherwise Claude; auto: cascade if ANTHROPIC_API_KEY is set, otherwise local; http: a classifier of your own.',
    ),
  server: serverSettingsSchema.prefault({}).describe('The HTTP server.'),
  dataDir: z
    .string()
    .default('.switchboard')
    .describe('Folder for the embedded store, the trained models and the files of the file connector.'),
  claude: claudeSettingsSchema.prefault({}).describe('How Claude is called.'),
  retrieval: retrievalSettingsSchema.prefault({}).describe('Which examples Claude is shown with a ticket.'),
  confidence: confidenceTargetSchema
    .default({ targetPrecision: 0.95 })
    .describe('How sure an engine must be for its answer to count: a precision to keep, or two costs to weigh.'),
  redaction: z
    .boolean()
    .default(true)
    .describe('Replace what identifies people by placeholders before a ticket leaves the machine.'),
  triageTeam: z
    .string()
    .default('triage')
    .describe('Team for tickets that no rule matches or that no engine is sure about.'),
  teams: z.array(teamSchema).default([]).describe('The teams that tickets are routed to.'),
  routing: z
    .array(routingRuleSchema)
    .default([])
    .describe('Rules that choose the team of a ticket; the first rule that matches counts.'),
  urgency: urgencySettingsSchema
    .prefault({})
    .describe('How the urgency is read from the words of a ticket when its engine gives none.'),
  slas: z
    .record(z.string(), slaSchema)
    .default({})
    .describe('Targets for the first response and the resolution, by a name that rules refer to.'),
  calendars: z
    .record(z.string(), calendarSchema)
    .default({})
    .describe('Business hours in which the times of SLAs count, by a name that SLAs refer to.'),
  connectors: connectorsSchema
    .default({})
    .describe('Where tickets come from and decisions are delivered, by name; api is the HTTP API.'),
  learning: learningSettingsSchema.prefault({}).describe('How the engine learns from corrections.'),
  retention: durationSchema
    .refine(
      (ms) => ms >= DAY_MS,
      'tickets would be deleted before anybody has seen them. Write 1d or more, such as 180d',
    )
    .optional()
    .describe(
      'A ticket is erased when nothing has happened to it for this time, for example 180d; tickets are kept for ever when left out.',
    ),
  evaluation: evaluationSettingsSchema.prefault({}).describe('What `switchboard evaluate` measures, and its targets.'),
});
export type SwitchboardConfig = z.infer<typeof configSchema>;

/** Values that come only from the environment; null when a variable is not set. */
export type Secrets = {
  readonly anthropicApiKey: string | null;
  readonly anthropicBaseUrl: string | null;
  readonly voyageApiKey: string | null;
  readonly databaseUrl: string | null;
  readonly token: string | null;
  readonly connectors: ConnectorSecrets;
};

/** The configuration as the rest of the program uses it: checked, with defaults and absolute paths. */
export type LoadedConfig = {
  readonly settings: SwitchboardConfig;
  readonly secrets: Secrets;
  /** The file that it was read from; null for the sample company and for a value given by a program. */
  readonly file: string | null;
  /** True when there is no configuration file and the sample company is used. */
  readonly isSample: boolean;
  /** Folder of evaluations: `evaluation.runs`, or `runs` beside the configuration. */
  readonly runsDir: string;
  /** Returns the file and the line of a setting, for messages; missing when the configuration was not loaded. */
  readonly locate?: (path: readonly PropertyKey[]) => { readonly file: string; readonly line: number | null };
};
