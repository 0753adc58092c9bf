import type { OnProgress } from '../../base/progress.ts';
import { ConfigurationError } from '../../errors.ts';
import type { ModelPrice } from '../claude/settings.ts';
import { createModelAccount, type ModelUse } from '../model-api/model-account.ts';
import type { Embedder } from './embedder.ts';
import type { EmbedderSettings } from './settings.ts';

export type EmbedderOptions = {
  readonly settings: EmbedderSettings;
  /** The sentence encoder of the embedded engine; null when it has none. */
  readonly embedded: Embedder | null;
  readonly voyageApiKey: string | null;
  /** True to redact what identifies people before a text leaves the machine. */
  readonly redaction: boolean;
  /** Shared by all calls to models. */
  readonly modelUse: ModelUse;
  /** `claude.prices`. */
  readonly prices: Readonly<Record<string, ModelPrice>>;
  readonly onProgress?: OnProgress;
};

/** Creates the configured embedder; null for `none`. Loads only the code that this embedder needs. */
export async function createEmbedder(options: EmbedderOptions): Promise<Embedder | null> {
  const { settings, onProgress } = options;
  if (settings === 'none') return null;
  if (settings === 'embedded') return options.embedded;
  switch (settings.type) {
    case 'voyage': {
      if (options.voyageApiKey === null) throw missingKey();
      const { createVoyageEmbedder } = await import('./embedders/create-voyage-embedder.ts');
      const redact = options.redaction ? (await import('../../ticket/redact-ticket.ts')).redactInTurns : null;
      const { model, dimensions } = settings;
      return createVoyageEmbedder({
        apiKey: options.voyageApiKey,
        model,
        redact,
        account: createModelAccount({ use: options.modelUse }),
        prices: options.prices,
        ...(dimensions === undefined ? {} : { dimensions }),
      });
    }
    case 'transformers': {
      const { createTransformersEmbedder } = await import('./embedders/create-transformers-embedder.ts');
      const { model, pooling = 'mean', queryPrefix = '', documentPrefix = '' } = settings;
      const progress = onProgress === undefined ? {} : { onProgress };
      return createTransformersEmbedder({ model, pooling, queryPrefix, documentPrefix, ...progress });
    }
    default:
      return settings satisfies never;
  }
}

/**
 * Checks what can be checked before anything is loaded. Throws `ConfigurationError` when the key of Voyage or the
 * package of Transformers.js is missing.
 */
export async function assertEmbedderReady(options: Pick<EmbedderOptions, 'settings' | 'voyageApiKey'>): Promise<void> {
  const { settings } = options;
  if (typeof settings === 'string') return;
  if (settings.type === 'voyage' && options.voyageApiKey === null) throw missingKey();
  if (settings.type === 'transformers') {
    const { assertTransformersInstalled } = await import('./embedders/create-transformers-embedder.ts');
    assertTransformersInstalled();
  }
}

function missingKey(): ConfigurationError {
  return new ConfigurationError([
    {
      file: 'switchboard.yaml',
      line: null,
      message: 'retrieval.embedder is of the type voyage and VOYAGE_API_KEY is not set',
      cure: 'Set it, or choose the embedder "embedded", which needs nothing.',
    },
  ]);
}
