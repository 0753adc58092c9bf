import { stringify } from 'yaml';
import { type ConnectorDefinition, secretVariable } from '../../connectors/definition.ts';
import { groupWordOf } from './group-word.ts';
import { type TeamPlan, TRIAGE_TEAM } from './plan-teams.ts';

export type ConfigPlan = TeamPlan & {
  readonly definition: ConnectorDefinition;
  /** The connector's name. */
  readonly name: string;
  /** As a person writes them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Names of the groups that tickets are read from; all when empty. */
  readonly groups: readonly string[];
  /** As in the file. */
  readonly taxonomy: string;
  readonly examples: string | null;
  /** Where the server listens when the address of its webhooks says so. */
  readonly server: { readonly host?: string; readonly port: number } | null;
};

/** Writes the text of `switchboard.yaml`, with comments. */
export function composeConfig(plan: ConfigPlan): string {
  const { definition, name, taxonomy, examples } = plan;
  const lines = [
    '# Written by `switchboard init`. `switchboard config check` finds mistakes; docs/configuration.md has every setting.',
    '',
    '# What customers want, as a tree.',
    `taxonomy: ${scalar(taxonomy)}`,
    ...(examples === null
      ? [
          '# Labelled tickets that the engine learns from: five for each intent are a start, thirty are better.',
          '# examples: [examples.jsonl]',
        ]
      : ['# Labelled tickets that the engine learns from.', `examples: [${scalar(examples)}]`]),
    '',
    '# With ANTHROPIC_API_KEY in the environment Claude reads the tickets, otherwise the embedded engine does.',
    'classifier: auto',
    '# How often an answer must be right to count. Tickets on which no engine is so sure go to triage.',
    'confidence: { targetPrecision: 0.95 }',
    '',
    '# What nobody else gets.',
    `triageTeam: ${TRIAGE_TEAM}`,
    'teams:',
    ...plan.teams.map(({ id, name: title, group }) => {
      const owners = group === null ? {} : { owners: { [name]: group } };
      return `  - ${flow({ id, name: title, ...owners })}`;
    }),
    '',
    '# The first rule that matches decides. A parent intent matches everything below it.',
    'routing:',
    '  # A fire, or a person who is hurt: somebody looks at once.',
    `  - { name: danger, when: { urgency: critical }, then: { team: ${TRIAGE_TEAM}, priority: urgent } }`,
    ...plan.rules.map(({ team, intents }) => {
      const intent = intents.length === 1 ? intents[0] : intents;
      const rule = [
        ['name', `to-${team}`],
        ['when', { intent }],
        ['then', { team }],
      ] as const;
      return `  - ${flow(new Map<string, unknown>(rule))}`;
    }),
    ...(plan.server === null ? [] : ['', '# As in the address of the webhooks.', `server: ${flow(plan.server)}`]),
    '',
    'connectors:',
    ...definition.secrets.map(({ name: secret, required }) => {
      const variable = secretVariable({ connector: name, secret });
      return `  # ${required ? 'Needs' : 'Takes'} ${variable} from the environment.`;
    }),
    `  ${name}:`,
    ...indent(stringify({ type: definition.type, ...plan.settings }, { lineWidth: 0 }), 4),
    ...intake(plan),
    ...customFields(plan),
    '    # shadow: decides and writes nothing; assist: writes an internal note; auto: assigns too.',
    '    mode: shadow',
    '',
  ];
  return lines.join('\n');
}

function intake({ definition, groups }: ConfigPlan): string[] {
  const { many } = groupWordOf(definition);
  if (groups.length > 0) {
    return [
      `    # Tickets are taken in from these ${many} only. One that is moved on from here to a team stays looked after.`,
      `    ${many}: ${flow(groups)}`,
    ];
  }
  return definition.unusedFields?.includes(many)
    ? []
    : [`    # Tickets in all ${many} are taken in; to narrow that:`, `    # ${many}: [Incoming]`];
}

/** How fields of the helpdesk are added later, where none were given. */
function customFields({ definition, settings }: ConfigPlan): string[] {
  if (definition.unusedFields?.includes('customFields') || settings.customFields !== undefined) return [];
  return [
    "    # Your helpdesk's own fields, by name or id, that get intent and confidence in the mode auto:",
    '    # customFields: { intent: Intent, confidence: Confidence }',
  ];
}

const flow = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
const scalar = (value: string) => stringify(value, { lineWidth: 0 }).trim();
const indent = (text: string, by: number) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `${' '.repeat(by)}${line}`);
