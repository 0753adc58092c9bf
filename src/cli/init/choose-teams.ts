import type { Named } from '../../connectors/connector.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Connected, InitContext } from './connect-helpdesk.ts';
import { planTeams, type TeamPlan } from './plan-teams.ts';
import { proposeTeams, proposeTriage } from './propose-teams.ts';

/** The value of "no group" in a question; no helpdesk has a group with this id. */
const NONE = 'none';

/** Asks from which groups tickets are read, and returns their names; none means all. */
export async function chooseIntake(
  { asker }: InitContext,
  { definition, groups }: { definition: Connected['definition']; groups: readonly Named[] },
): Promise<readonly string[]> {
  const { unusedFields = [] } = definition;
  if (groups.length === 0 || (unusedFields.includes('groups') && unusedFields.includes('queues'))) return [];
  const ids = await asker.chooseMany({
    name: 'groups',
    message: 'Which groups shall Switchboard look after? None chosen means all of them',
    choices: groups.map(({ id, name }) => ({ value: id, label: name })),
    initial: [],
  });
  const isAmbiguous = (name: string) => groups.filter((group) => group.name === name).length > 1;
  return groups.filter(({ id }) => ids.includes(id)).map(({ id, name }) => (isAmbiguous(name) ? id : name));
}

/** Proposes a group for each intent at the top, by name, and asks for the others. */
export async function chooseTeams(
  { asker }: InitContext,
  { tree, groups, intake }: { tree: Taxonomy; groups: readonly Named[]; intake: readonly string[] },
): Promise<TeamPlan> {
  const { intents } = tree;
  if (groups.length === 0) return planTeams({ intents, groups, chosen: new Map(), triage: null });
  const choices = [
    ...groups.map(({ id, name }) => ({ value: id, label: name })),
    { value: NONE, label: 'none', hint: 'triage looks at it' },
  ];
  const nameOf = (id: string | null) => groups.find((group) => group.id === id)?.name ?? 'triage';
  const triage = await asker.choose({
    name: 'triage',
    message: 'Which group gets what no engine is sure of?',
    choices,
    initial: proposeTriage(groups, intake) ?? NONE,
  });
  const chosen = proposeTeams({ intents, groups });
  const proposals = intents.map(({ id, name }) => `${name} → ${nameOf(chosen.get(id) ?? null)}`);
  asker.say(`Teams proposed by their names:\n${proposals.join('\n')}`);
  const changed = await asker.chooseMany({
    name: 'teams',
    message: 'Which of these are not right? None chosen means that all are',
    choices: intents.map(({ id, name }) => ({ value: id, label: name, hint: nameOf(chosen.get(id) ?? null) })),
    initial: [],
  });
  for (const intent of intents.filter(({ id }) => changed.includes(id))) {
    const group = await asker.choose({
      name: `teams.${intent.id}`,
      message: `Which group gets "${intent.name}"?`,
      choices,
      initial: chosen.get(intent.id) ?? NONE,
    });
    chosen.set(intent.id, group === NONE ? null : group);
  }
  return planTeams({ intents, groups, chosen, triage: triage === NONE ? null : triage });
}
