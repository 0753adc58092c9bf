import type { Named } from '../../connectors/connector.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Connected, InitContext } from './connect-helpdesk.ts';
import { type GroupWord, groupWordOf } from './group-word.ts';
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
    message: `Which ${groupWordOf(definition).many} shall Switchboard look after? None chosen means all of them`,
    choices: groups.map(({ id, name }) => ({ value: id, label: name })),
    initial: [],
  });
  const isAmbiguous = (name: string) => groups.filter((group) => group.name === name).length > 1;
  return groups.filter(({ id }) => ids.includes(id)).map(({ id, name }) => (isAmbiguous(name) ? id : name));
}

/** How an intent below the top gets a group of its own, which `init` does not ask for. */
const RULE_FOR_ONE = 'add a rule for a single one below, see docs/configuration.md#rules';

/** Proposes a group for each intent at the top, by name, and asks for the others. */
export async function chooseTeams(
  { asker }: InitContext,
  options: {
    readonly tree: Taxonomy;
    readonly groups: readonly Named[];
    readonly intake: readonly string[];
    readonly word: GroupWord;
  },
): Promise<TeamPlan> {
  const { tree, groups, intake, word } = options;
  const { intents } = tree;
  if (groups.length === 0) return planTeams({ intents, groups, chosen: new Map(), triage: null });
  const choices = [
    ...groups.map(({ id, name }) => ({ value: id, label: name })),
    { value: NONE, label: 'none', hint: 'triage looks at it' },
  ];
  const nameOf = (id: string | null) => groups.find((group) => group.id === id)?.name ?? 'triage';
  const triage = await asker.choose({
    name: 'triage',
    message: `Which ${word.one} gets what no engine is sure of?`,
    choices,
    initial: proposeTriage(groups, intake) ?? NONE,
  });
  const chosen = proposeTeams({ intents, groups });
  const proposals = intents.map(({ id, name }) => `${name} → ${nameOf(chosen.get(id) ?? null)}`);
  asker.say(
    [
      `Proposed by their names, a ${word.one} for each top-level intent and everything below it:`,
      ...proposals,
      `Here you choose for top-level intents only; ${RULE_FOR_ONE}.`,
    ].join('\n'),
  );
  const changed = await asker.chooseMany({
    name: 'teams',
    message: 'Which of these top-level intents are not right? None chosen means that all are',
    choices: intents.map(({ id, name }) => ({ value: id, label: name, hint: nameOf(chosen.get(id) ?? null) })),
    initial: [],
    whenUnknown: `Write ids of top-level intents: ${intents.map(({ id }) => id).join(', ')}; ${RULE_FOR_ONE}.`,
  });
  for (const intent of intents.filter(({ id }) => changed.includes(id))) {
    const group = await asker.choose({
      name: `teams.${intent.id}`,
      message: `Which ${word.one} gets "${intent.name}", with everything below it?`,
      choices,
      initial: chosen.get(intent.id) ?? NONE,
    });
    chosen.set(intent.id, group === NONE ? null : group);
  }
  return planTeams({ intents, groups, chosen, triage: triage === NONE ? null : triage });
}
