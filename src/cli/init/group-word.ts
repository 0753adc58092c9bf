import type { ConnectorDefinition } from '../../connectors/definition.ts';

/** What a helpdesk calls the groups that tickets are in; `many` is also the field of the intake. */
export type GroupWord = { readonly one: 'group' | 'queue'; readonly many: 'groups' | 'queues' };

export function groupWordOf({ about }: Pick<ConnectorDefinition, 'about'>): GroupWord {
  return about.groupsAre === 'queues' ? { one: 'queue', many: 'queues' } : { one: 'group', many: 'groups' };
}
