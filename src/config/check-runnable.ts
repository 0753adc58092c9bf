import { findMissingSecrets } from '../connectors/create-connectors.ts';
import type { Problem } from '../errors.ts';
import { findBindingFault } from './check-binding.ts';
import type { LoadedConfig } from './config-schema.ts';
import { describeEngine } from './describe-engine.ts';
import { placeOf } from './place-of.ts';

/**
 * What `serve` would refuse to start with although the file is sound: secrets that are not in the environment. Commands
 * that need none of them go on without.
 */
export function checkRunnable(config: LoadedConfig): Problem[] {
  const { settings, secrets } = config;
  const at = (...path: string[]) => placeOf(config, path);
  const problems: Problem[] = [];

  const binding = findBindingFault({ host: settings.server.host, token: secrets.token });
  if (binding !== null) problems.push({ ...at('server', 'host'), ...binding });

  const { kind } = describeEngine(config);
  const asksClaude = kind === 'claude' || kind === 'cascade';
  if (asksClaude && secrets.anthropicApiKey === null) {
    problems.push({
      ...at('classifier'),
      message: `classifier is "${String(settings.classifier)}" and ANTHROPIC_API_KEY is not set`,
      cure: 'Set it, or choose the classifier "auto" or "local".',
    });
  }
  const { embedder } = settings.retrieval;
  if (asksClaude && typeof embedder === 'object' && embedder.type === 'voyage' && secrets.voyageApiKey === null) {
    problems.push({
      ...at('retrieval', 'embedder'),
      message: 'retrieval.embedder is of the type voyage and VOYAGE_API_KEY is not set',
      cure: 'Set it, or choose the embedder "embedded", which needs nothing.',
    });
  }
  for (const [name, connector] of Object.entries(settings.connectors)) {
    const missing = findMissingSecrets({
      settings: { [name]: connector },
      secrets: secrets.connectors,
      file: config.file ?? 'the configuration',
    });
    problems.push(...missing.map((problem) => ({ ...problem, ...at('connectors', name) })));
  }
  return problems;
}
