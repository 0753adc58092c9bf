import { queryOptions, useQuery } from '@tanstack/react-query';
import type { TaxonomyReply } from './api-types.ts';
import { callApi } from './call-api.ts';

type Node = TaxonomyReply['intents'][number];

export const taxonomyQuery = queryOptions({
  queryKey: ['taxonomy'],
  queryFn: ({ signal }) => callApi<TaxonomyReply>('/v1/taxonomy', { signal }),
  staleTime: 60_000,
});

/** Every node of the tree, parents before their children. */
export function flattenIntents(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node) => [node, ...flattenIntents(node.children)]);
}

const noNames: ReadonlyMap<string, string> = new Map();
const namesOf = ({ intents }: TaxonomyReply): ReadonlyMap<string, string> =>
  new Map(flattenIntents(intents).map(({ id, name }) => [id, name]));

/** The names of all nodes by id; empty until they are loaded. */
export function useIntentNames(): ReadonlyMap<string, string> {
  return useQuery({ ...taxonomyQuery, select: namesOf }).data ?? noNames;
}
