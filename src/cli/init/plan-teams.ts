import type { Named } from '../../connectors/connector.ts';
import type { IntentNode } from '../../taxonomy/taxonomy.ts';
import { takeSlug } from './slug.ts';

export type PlannedTeam = { readonly id: string; readonly name: string; readonly group: string | null };
/** One rule leads all intents of a team there. */
export type PlannedRule = { readonly team: string; readonly intents: readonly string[] };
export type TeamPlan = { readonly teams: readonly PlannedTeam[]; readonly rules: readonly PlannedRule[] };

export const TRIAGE_TEAM = 'triage';

/**
 * Plans a team for each group that gets tickets, and for triage. Where the helpdesk has no groups, each intent at the top
 * gets a team of its own.
 */
export function planTeams(options: {
  readonly intents: readonly IntentNode[];
  readonly groups: readonly Named[];
  /** The group of each intent, by the intent's id; those without one go to triage. */
  readonly chosen: ReadonlyMap<string, string | null>;
  readonly triage: string | null;
}): TeamPlan {
  const { intents, groups, chosen, triage } = options;
  const taken = new Set([TRIAGE_TEAM]);
  const triageName = groups.find(({ id }) => id === triage)?.name ?? 'Triage';
  const teams: PlannedTeam[] = [{ id: TRIAGE_TEAM, name: triageName, group: triage }];
  if (groups.length === 0) {
    const own = intents.map(({ id, name }) => ({
      intent: id,
      team: { id: takeSlug(taken, id, 'team'), name, group: null },
    }));
    return {
      teams: [...teams, ...own.map(({ team }) => team)],
      rules: own.map(({ intent, team }) => ({ team: team.id, intents: [intent] })),
    };
  }
  const byGroup = Map.groupBy(intents, ({ id }) => chosen.get(id) ?? null);
  const rules: PlannedRule[] = [];
  for (const group of groups) {
    const own = byGroup.get(group.id) ?? [];
    // What triage gets needs no rule: everything without one goes there.
    if (own.length === 0 || group.id === triage) continue;
    const id = takeSlug(taken, group.name, `team-${teams.length}`);
    teams.push({ id, name: group.name, group: group.id });
    rules.push({ team: id, intents: own.map((intent) => intent.id) });
  }
  return { teams, rules };
}
