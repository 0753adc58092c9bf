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
  model: z.string().default('claude-haiku-5-5').describe('Id of the model of Claude.'),
  effort: z
    .enum(['low', 'medium', 'high', 'xhigh', 'max'])
    .default('low')
    .describe('How much the model works on an answer.'),
  thinking: z
    .enum(['disabled', 'adaptive'])
    .default('disabled')
    .describe('Thinking before the answer; it is paid as output. The justification is in the answer anyway.'),
  output: z
    .enum(['json', 'xml'])
    .default('json')
    .describe('Structured outputs, or XML tags for models and gateways without them.'),
  strategy: z
    .enum(['auto', 'flat', 'hierarchy'])
    .default('auto')
    .describe('All leaves in one question (flat), level by level (hierarchy), or by the size of the tree (auto).'),
  secondOpinion: z
    .string()
    .nullable()
    .default(null)
    .describe('Id of a stronger model that is asked when the first is unsure.'),
  deadlineMs: z
    .number()
    .int()
    .min(100)
    .default(20_000)
    .describe('Time for one ticket in milliseconds, retries included; then the embedded engine answers.'),
  dailyBudgetUsd: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Money for a day; beyond it the embedded engine answers.'),
  instructions: z.string().default('').describe('Advice for the whole tree, in your words.'),
  prices: z
    .record(z.string(), modelPriceSchema)
    .default({})
    .describe('USD per million tokens by model id; overrides the built-in table.'),
});
export type ClaudeConfig = z.infer<typeof claudeConfigSchema>;

export const retrievalConfigSchema = z.strictObject({
  embedder: z
    .union([
      z.enum(['embedded', 'none']),
      z.strictObject({
        type: z.literal('voyage'),
        model: z.string().min(1).describe('A model of Voyage, for example voyage-4.'),
        dimensions: z
          .union([z.literal(256), z.literal(512), z.literal(1024), z.literal(2048)])
          .optional()
          .describe('Width of the vectors; 1024 when left out.'),
      }),
      z.strictObject({
        type: z.literal('transformers'),
        model: z.string().min(1).describe('A model of the hub with ONNX weights, for example Xenova/all-MiniLM-L6-v2.'),
        pooling: z
          .enum(['mean', 'cls', 'last_token'])
          .optional()
          .describe("How the vectors of a text's tokens are joined, as the model's card says; mean when left out."),
        queryPrefix: z.string().optional().describe('Words that the model wants before a text to search with.'),
        documentPrefix: z.string().optional().describe('Words that the model wants before a text to be found.'),
      }),
    ])
    .default('embedded')
    .describe(
      "What tells how alike two texts are when examples for Claude are looked up: the embedded engine's encoder, none (words alone), Voyage, or a model run by Transformers.js.",
    ),
  k: z.number().int().min(0).max(50).default(5).describe('Examples shown with a ticket, at most.'),
  perIntent: z.number().int().min(1).default(2).describe('Examples of one intent, at most.'),
  minSimilarity: z.number().min(0).max(1).default(0.2).describe('Examples less alike than this are not shown.'),
});
export type RetrievalConfig = z.infer<typeof retrievalConfigSchema>;

export const confidenceConfigSchema = z.union([
  z
    .strictObject({ targetPrecision: z.number().min(0.5).max(0.999) })
    .describe('Share of the tickets routed without a look that must be right; the threshold follows from it.'),
  z
    .strictObject({ wrongRouteUsd: z.number().positive(), humanLookUsd: z.number().positive() })
    .describe('Cost of a wrong route and of a look by a person; the threshold follows from them.'),
]);
export type ConfidenceConfig = z.infer<typeof confidenceConfigSchema>;

export const connectorConfigSchema = z.looseObject({
  type: z.string().min(1).describe('Kind of the connector.'),
  mode: z
    .enum(modes)
    .default('shadow')
    .describe('shadow: decide and write nothing; assist: internal note only; auto: assign.'),
  modes: z
    .record(z.string(), z.enum(modes))
    .default({})
    .describe('Mode by intent or pattern, for example "account-management/*": auto.'),
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
  dataset: z
    .union([z.string().transform((file) => [file]), z.array(z.string()).min(1)])
    .optional()
    .describe('Files of labelled tickets, scored together.'),
  adaptation: z
    .strictObject({
      taxonomy: z.string().optional().describe('Intents that the tree does not know yet, added below their parents.'),
      train: z.string().describe('Labelled tickets to learn those intents from.'),
      test: z.string().optional().describe('Labelled tickets to ask about; those of the data set when left out.'),
    })
    .optional()
    .describe('For the criterion adaptation: new intents. Without it some intents are withheld and learned again.'),
  targets: z.record(z.string(), z.number()).default({}).describe('Target by criterion id; overrides the default.'),
  required: z
    .array(z.string())
    .default([])
    .describe('Ids of the criteria that the gate needs; all of them when empty.'),
  currentMethod: z.strictObject({ costUsdPerTicket: z.number().positive().nullable().default(null) }).prefault({}),
});

export const DEFAULT_PORT = 3000;

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
  server: z
    .strictObject({
      host: z
        .string()
        .default('127.0.0.1')
        .describe('Address to bind; any other than loopback needs SWITCHBOARD_TOKEN.'),
      port: z.number().int().min(0).max(65_535).default(DEFAULT_PORT).describe('Port of the API and the page.'),
      allowedHosts: z
        .array(z.string().min(1))
        .default([])
        .describe('Names that the Host header may have besides loopback and host, for example behind a reverse proxy.'),
      requestsPerMinute: z
        .number()
        .int()
        .min(1)
        .default(60_000)
        .describe('Requests a minute of one client address; beyond it they are answered 429.'),
    })
    .prefault({}),
  dataDir: z
    .string()
    .default('.switchboard')
    .describe('Folder of the embedded store, trained models and the file connector.'),
  claude: claudeConfigSchema.prefault({}),
  retrieval: retrievalConfigSchema.prefault({}),
  confidence: confidenceConfigSchema.default({ targetPrecision: 0.95 }),
  redaction: z.boolean().default(true).describe('Take out what identifies people before a ticket leaves the machine.'),
  triageTeam: z
    .string()
    .default('triage')
    .describe('Team for tickets that no rule takes or that no engine is sure of.'),
  teams: z.array(teamSchema).default([]),
  routing: z.array(routingRuleSchema).default([]).describe('Rules from ticket to team; the first that matches wins.'),
  slas: z.record(z.string(), slaSchema).default({}).describe('Targets by name, for rules to refer to.'),
  connectors: z
    .record(z.string(), connectorConfigSchema)
    .default({})
    .describe('Where tickets come from and decisions go, by name; api is the HTTP API.'),
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
