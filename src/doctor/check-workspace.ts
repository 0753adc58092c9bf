import { count } from '../base/plural.ts';
import { say } from '../base/say.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { loadWorkspace } from '../config/load-workspace.ts';
import { type Finding, findingOf } from './finding.ts';

/** Whether the taxonomy and the example files have no mistakes. */
export async function checkWorkspace(config: LoadedConfig): Promise<Finding> {
  return findingOf('taxonomy', async () => {
    const { taxonomy, examples } = await loadWorkspace(config);
    const { name, leaves } = taxonomy;
    const text = `${name}: ${count(leaves.length, 'intent')}, ${count(examples.length, 'example')}`;
    return say('doctor.taxonomy', text, { name, intents: leaves.length, examples: examples.length });
  });
}
