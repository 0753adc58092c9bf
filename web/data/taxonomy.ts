import { queryOptions, useQuery } from '@tanstack/react-query';
import type { TaxonomyView } from './api-types.ts';
import { callApi } from './call-api.ts';

type Node = TaxonomyView['intents'][number];

export const taxonomyQuery = queryOptions({
  queryKey: ['taxonomy'],
  queryFn: ({ signal }) => callApi<TaxonomyView>('/v1/taxonomy', { signal }),
  staleTime: 60_000,
});

/** Every node of the tree, parents before their children. */
export function flattenIntents(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node) => [node, ...flattenIntents(node.children)]);
}

const noNames: ReadonlyMap<string, string> = new Map();
const namesOf = ({ intents }: TaxonomyView): ReadonlyMap<string, string> =>
  new Map(flattenIntents(intents).map(({ id, name }) => [id, name]));

/** The names of all nodes by id; empty until they are loaded. */
export function useIntentNames(): ReadonlyMap<string, string> {
  return useQuery({ ...taxonomyQuery, select: namesOf }).data ?? noNames;
}
