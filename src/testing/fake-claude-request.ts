// Test double: checks requests to the fake, and refuses what the real API refuses.
import { z } from 'zod';
import { type FakeModel, fakeModels } from './fake-claude-models.ts';
import { schemaProblem } from './fake-claude-schema.ts';

export type FakeApiError = {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly errorCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const cacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() });
const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1, 'text content blocks must be non-empty'),
  cache_control: cacheControl.nullish(),
});
const thinking = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('adaptive'), display: z.enum(['summarized', 'omitted']).nullish() }),
  z.strictObject({ type: z.literal('between_tools') }),
  z.strictObject({ type: z.literal('disabled') }),
  z.strictObject({
    type: z.literal('enabled'),
    budget_tokens: z.number().int().min(1_024),
    display: z.string().nullish(),
  }),
]);

/** The fields of a request. Unknown fields are refused, as in the real API. */
const bodySchema = z.strictObject({
  model: z.string(),
  max_tokens: z.number().int().nonnegative(),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['user', 'assistant', 'system']),
        content: z.union([z.string().min(1), z.array(textBlock).min(1)]),
      }),
    )
    .min(1, 'at least one message is required')
    .max(100_000),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  cache_control: cacheControl.nullish(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .optional(),
  thinking: thinking.optional(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
  tool_choice: z.looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']) }).optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  stream: z.boolean().optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  diagnostics: z.looseObject({}).nullish(),
});
export type FakeBody = z.infer<typeof bodySchema>;

export type CheckedBody = { readonly body: FakeBody; readonly model: FakeModel };

const invalid = (message: string): FakeApiError => ({ status: 400, type: 'invalid_request_error', message });

/** Returns the checked body, or the error that the real API would return. */
export function checkBody(value: unknown, models: readonly FakeModel[] = fakeModels): CheckedBody | FakeApiError {
  const removed = ['temperature', 'top_p', 'top_k'].find(
    (name) => typeof value === 'object' && value !== null && name in value,
  );
  if (removed !== undefined) return invalid(`${removed}: removed in API version 2026-10-21`);
  const parsed = bodySchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return invalid(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`);
  }
  const body = parsed.data;
  const model = models.find(({ id }) => id === body.model);
  if (model === undefined) return { status: 404, type: 'not_found_error', message: `model: ${body.model}` };
  const problem =
    messagesProblem(body) ??
    tokensProblem(body, model) ??
    thinkingProblem(body, model) ??
    cacheProblem(body) ??
    formatProblem(body);
  return problem === null ? { body, model } : invalid(problem);
}

export const isApiError = (result: CheckedBody | FakeApiError): result is FakeApiError => 'status' in result;

function messagesProblem({ messages }: FakeBody): string | null {
  if (messages.at(-1)?.role === 'assistant')
    return 'messages: prefilling the assistant turn is not supported by this model';
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  return null;
}

function tokensProblem(body: FakeBody, model: FakeModel): string | null {
  if (body.max_tokens > model.maxOutputTokens) return `max_tokens: ${body.max_tokens} > ${model.maxOutputTokens}`;
  const warmsOnly = body.max_tokens === 0;
  if (warmsOnly && (body.stream === true || body.output_config?.format != null))
    return 'max_tokens: 0 is not allowed here';
  return null;
}

function thinkingProblem(body: FakeBody, model: FakeModel): string | null {
  const effort = body.output_config?.effort;
  if (effort != null && !model.effort) return 'output_config.effort: not supported by this model';
  const forced = body.tool_choice?.type === 'any' || body.tool_choice?.type === 'tool';
  if (forced && !model.forcedTools) return 'tool_choice: forcing a tool is not supported by this model';
  const type = body.thinking?.type;
  if (type === undefined) return null;
  if (!model.thinking.some((own) => own === type)) return `thinking.type: ${type} is not supported by this model`;
  const quiet = type === 'disabled' || type === 'between_tools';
  if (quiet && !model.quietEfforts.includes(effort ?? model.defaultEffort)) {
    return `thinking.type: ${type} is not supported at effort ${effort}`;
  }
  return null;
}

function cacheProblem(body: FakeBody): string | null {
  const marks = [...blocksOf(body)].flatMap(({ block }) => (block.cache_control == null ? [] : [block.cache_control]));
  const total = marks.length + (body.cache_control == null ? 0 : 1);
  if (total > 4) return `A maximum of 4 blocks with cache_control may be provided. Found ${total}.`;
  const ttls = marks.map(({ ttl }) => ttl ?? '5m');
  const firstShort = ttls.indexOf('5m');
  if (firstShort >= 0 && ttls.indexOf('1h', firstShort) >= 0)
    return 'cache_control: a 1h block may not come after a 5m block';
  return null;
}

function formatProblem(body: FakeBody): string | null {
  const schema = body.output_config?.format?.schema;
  return schema === undefined ? null : schemaProblem(schema);
}

export type FakeBlock = {
  readonly text: string;
  readonly cache_control?: z.infer<typeof cacheControl> | null | undefined;
};

/** Returns all text blocks in the order of the prompt: system, then messages. */
export function blocksOf(body: FakeBody): { readonly part: 'system' | 'messages'; readonly block: FakeBlock }[] {
  const asBlocks = (content: string | readonly FakeBlock[]): readonly FakeBlock[] =>
    typeof content === 'string' ? (content === '' ? [] : [{ text: content }]) : content;
  return [
    ...asBlocks(body.system ?? []).map((block) => ({ part: 'system' as const, block })),
    ...body.messages.flatMap(({ content }) => asBlocks(content).map((block) => ({ part: 'messages' as const, block }))),
  ];
}
