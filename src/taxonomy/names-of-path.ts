import type { Taxonomy } from './taxonomy.ts';

/** The names of the nodes from the root down to an intent; a part of its path that is no node stands for itself. */
export function namesOfPath({ nodes }: Pick<Taxonomy, 'nodes'>, intent: string): string[] {
  const parts = intent.split('/');
  return parts.map((part, index) => nodes.get(parts.slice(0, index + 1).join('/'))?.name ?? part);
}
