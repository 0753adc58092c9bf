// Test double: the models that the fake knows, from the documentation of September and October 2026.

export type FakeModel = {
  readonly id: string;
  readonly displayName: string;
  readonly lifecycle: 'active' | 'deprecated';
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly cacheMinimumTokens: number;
  readonly thinksByDefault: boolean;
  readonly thinking: readonly ('adaptive' | 'between_tools' | 'disabled' | 'enabled')[];
  /** Efforts with which `disabled` and `between_tools` are accepted. */
  readonly quietEfforts: readonly string[];
  readonly effort: boolean;
  readonly defaultEffort: string;
  readonly forcedTools: boolean;
  readonly retiresAt: string | null;
};

const upToHigh = ['low', 'medium', 'high'];
const all = [...upToHigh, 'xhigh', 'max'];

export const fakeModels: readonly FakeModel[] = [
  {
    id: 'claude-haiku-5-5',
    displayName: 'Claude Haiku 5.5',
    lifecycle: 'active',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    cacheMinimumTokens: 512,
    thinksByDefault: true,
    thinking: ['adaptive', 'disabled'],
    quietEfforts: upToHigh,
    effort: true,
    defaultEffort: 'medium',
    forcedTools: true,
    retiresAt: null,
  },
  {
    id: 'claude-sonnet-5-5',
    displayName: 'Claude Sonnet 5.5',
    lifecycle: 'active',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    cacheMinimumTokens: 512,
    thinksByDefault: true,
    thinking: ['adaptive', 'between_tools'],
    quietEfforts: upToHigh,
    effort: true,
    defaultEffort: 'high',
    forcedTools: false,
    retiresAt: null,
  },
  {
    id: 'claude-opus-5-5',
    displayName: 'Claude Opus 5.5',
    lifecycle: 'active',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    cacheMinimumTokens: 512,
    thinksByDefault: true,
    thinking: ['adaptive'],
    quietEfforts: [],
    effort: true,
    defaultEffort: 'medium',
    forcedTools: false,
    retiresAt: null,
  },
  {
    id: 'claude-sonnet-5',
    displayName: 'Claude Sonnet 5',
    lifecycle: 'active',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    cacheMinimumTokens: 1_024,
    thinksByDefault: true,
    thinking: ['adaptive', 'disabled'],
    quietEfforts: all,
    effort: true,
    defaultEffort: 'high',
    forcedTools: true,
    retiresAt: null,
  },
  {
    id: 'claude-haiku-4-5',
    displayName: 'Claude Haiku 4.5',
    lifecycle: 'active',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    cacheMinimumTokens: 4_096,
    thinksByDefault: false,
    thinking: ['enabled', 'disabled'],
    quietEfforts: all,
    effort: false,
    defaultEffort: 'medium',
    forcedTools: true,
    retiresAt: null,
  },
];

/** Describes a model in the format of `GET /v1/models`. */
export function describeModel(model: FakeModel): Record<string, unknown> {
  const supported = (value: boolean) => ({ supported: value });
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName,
    lifecycle: model.lifecycle,
    created_at: '2026-10-07T00:00:00Z',
    deprecated_at: null,
    retires_at: model.retiresAt,
    max_input_tokens: model.contextTokens,
    max_tokens: model.maxOutputTokens,
    capabilities: {
      batch: supported(true),
      structured_outputs: supported(true),
      effort: {
        ...supported(model.effort),
        ...Object.fromEntries(all.map((effort) => [effort, supported(model.effort)])),
      },
      thinking: {
        ...supported(true),
        types: Object.fromEntries(
          ['adaptive', 'between_tools', 'disabled', 'enabled'].map((type) => [
            type,
            supported(model.thinking.some((own) => own === type)),
          ]),
        ),
      },
    },
  };
}
