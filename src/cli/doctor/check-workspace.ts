import type { LoadedConfig } from '../../config/config-schema.ts';
import { loadWorkspace } from '../../config/load-workspace.ts';
import { type Finding, findingOf } from './finding.ts';

export async function checkWorkspace(config: LoadedConfig): Promise<Finding> {
  return findingOf('taxonomy', async () => {
    const { taxonomy, examples } = await loadWorkspace(config);
    return `${taxonomy.name}: ${taxonomy.leaves.length} intents, ${examples.length} examples`;
  });
}
