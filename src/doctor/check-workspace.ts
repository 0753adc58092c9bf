import { count } from '../base/plural.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { loadWorkspace } from '../config/load-workspace.ts';
import { type Finding, findingOf } from './finding.ts';

/** Whether the taxonomy and the example files have no mistakes. */
export async function checkWorkspace(config: LoadedConfig): Promise<Finding> {
  return findingOf('taxonomy', async () => {
    const { taxonomy, examples } = await loadWorkspace(config);
    return `${taxonomy.name}: ${count(taxonomy.leaves.length, 'intent')}, ${count(examples.length, 'example')}`;
  });
}
