import { z } from 'zod';
import { modes } from '../routing/decision.ts';
import { routingRuleSchema, slaSchema, teamSchema } from '../routing/routing-config.ts';

export const classifierKinds = ['auto', 'local', 'claude', 'cascade'] as const;
export type ClassifierKind = (typeof classifierKinds)[number];

const usdPerMillionTokens = z.number().nonnegative();
export const modelPriceSchema = z.strictObject({
  input: usdPerMillionTokens,
  output: usdPerMillionTokens,
  cacheWrite: usdPerMillionTokens.optional(),
  cacheRead: usdPerMillionTokens.optional(),
});

export const claudeConfigSchema = z.strictObject({
  model: z.string().default('claude-haiku-5-5'),
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).default('low'),
  thinking: z.enum(['disabled', 'adaptive']).default('disabled'),
  output: z.enum(['json', 'xml']).default('json'),
  strategy: z.enum(['auto', 'flat', 'hierarchy']).default('auto'),
  /** A stronger model asked when the first is unsure. */
  secondOpinion: z.string().nullable().default(null),
  deadlineMs: z.number().int().min(100).default(20_000),
  dailyBudgetUsd: z.number().positive().nullable().default(null),
  instructions: z.string().default(''),
  /** USD per million tokens by model id; overrides the built-in table. */
  prices: z.record(z.string(), modelPriceSchema).default({}),
});
export type ClaudeConfig = z.infer<typeof claudeConfigSchema>;

export const retrievalConfigSchema = z.strictObject({
  embedder: z
    .union([
      z.enum(['embedded', 'none']),
      z.strictObject({ type: z.enum(['voyage', 'transformers']), model: z.string().min(1) }),
    ])
    .default('embedded'),
  k: z.number().int().min(0).max(50).default(5),
  perIntent: z.number().int().min(1).default(2),
  minSimilarity: z.number().min(0).max(1).default(0.2),
});
export type RetrievalConfig = z.infer<typeof retrievalConfigSchema>;

export const confidenceConfigSchema = z.union([
  z.strictObject({ targetPrecision: z.number().min(0.5).max(0.999) }),
  z.strictObject({ wrongRouteUsd: z.number().positive(), humanLookUsd: z.number().positive() }),
]);
export type ConfidenceConfig = z.infer<typeof confidenceConfigSchema>;

export const connectorConfigSchema = z.looseObject({
  type: z.string().min(1),
  mode: z.enum(modes).default('shadow'),
  /** Mode by intent or intent pattern, for example `"account-management/*": auto`. */
  modes: z.record(z.string(), z.enum(modes)).default({}),
});
export type ConnectorConfig = z.infer<typeof connectorConfigSchema>;

/** What a run can be held to. */
export const criterionIds = [
  'routing-accuracy',
  'consistency',
  'adaptation',
  'multilingual',
  'edge-cases',
  'bias',
  'prompt-efficiency',
  'explainability',
  'abstention',
  'calibration',
  'cost',
  'response-time',
] as const;
export type CriterionId = (typeof criterionIds)[number];

export const evaluationConfigSchema = z.strictObject({
  /** Files of labelled tickets, scored together. */
  dataset: z.union([z.string().transform((file) => [file]), z.array(z.string()).min(1)]).optional(),
  /** Labelled tickets to learn withheld intents from, for the criterion adaptation. */
  adaptation: z.union([z.string().transform((file) => [file]), z.array(z.string()).min(1)]).optional(),
  /** Target by criterion id; overrides the default. */
  targets: z.record(z.string(), z.number()).default({}),
  /** Ids of the criteria that the gate needs; all of them when empty. */
  required: z.array(z.string()).default([]),
  currentMethod: z.strictObject({ costUsdPerTicket: z.number().positive().nullable().default(null) }).prefault({}),
});

export const DEFAULT_PORT = 3000;

/** `switchboard.yaml` with its defaults. File names are relative to the file itself until the loader resolves them. */
export const configSchema = z.strictObject({
  taxonomy: z.string().default('taxonomy.yaml'),
  examples: z.array(z.string()).default([]),
  classifier: z.union([z.enum(classifierKinds), z.strictObject({ http: z.url() })]).default('auto'),
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(DEFAULT_PORT),
      /** Names that the Host header may have besides loopback and `host`, for example behind a reverse proxy. */
      allowedHosts: z.array(z.string().min(1)).default([]),
      /** Per client address; beyond it requests are answered 429. */
      requestsPerMinute: z.number().int().min(1).default(60_000),
    })
    .prefault({}),
  dataDir: z.string().default('.switchboard'),
  claude: claudeConfigSchema.prefault({}),
  retrieval: retrievalConfigSchema.prefault({}),
  confidence: confidenceConfigSchema.default({ targetPrecision: 0.95 }),
  redaction: z.boolean().default(true),
  triageTeam: z.string().default('triage'),
  teams: z.array(teamSchema).default([]),
  routing: z.array(routingRuleSchema).default([]),
  slas: z.record(z.string(), slaSchema).default({}),
  connectors: z.record(z.string(), connectorConfigSchema).default({}),
  evaluation: evaluationConfigSchema.prefault({}),
});
export type SwitchboardConfig = z.infer<typeof configSchema>;

/** Values that come only from the environment. */
export type Secrets = {
  readonly anthropicApiKey: string | null;
  readonly anthropicBaseUrl: string | null;
  readonly voyageApiKey: string | null;
  readonly databaseUrl: string | null;
  readonly token: string | null;
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
