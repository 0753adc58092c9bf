import { isSameName } from '../../base/same-name.ts';
import type { PipelineContext } from '../pipeline-context.ts';

/** The team that owns one of these groups (ids and names of the group that a ticket is in) in the helpdesk. */
export function teamOfGroup(
  { routing }: Pick<PipelineContext, 'routing'>,
  { connector, groups }: { connector: string; groups: readonly string[] },
): string | undefined {
  return routing.teams.find(({ owners }) => {
    const owner = owners[connector];
    return owner !== undefined && groups.some((group) => isSameName(group, owner));
  })?.id;
}
