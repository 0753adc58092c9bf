import type { Problem } from '../errors.ts';
import type { RoutingRule } from '../routing/routing-config.ts';
import type { LoadedConfig } from './config-schema.ts';
import { placeOf } from './place-of.ts';

/**
 * Warns where tickets in danger wait as long as all others: no rule looks at `urgency: critical`, or none that counts where
 * no engine is sure, which is where most of them go.
 */
export function warnOfDanger(config: LoadedConfig): Problem[] {
  const { routing, triageTeam, slas } = config.settings;
  const forDanger = routing.filter(({ when }) => when.urgency?.includes('critical') === true);
  const countsInTriage = ({ when, then }: RoutingRule) => then.team === triageTeam && when.intent === undefined;
  if (routing.length === 0 || forDanger.some(countsInTriage)) return [];
  const [shortest] = Object.entries(slas).sort(([, a], [, b]) => reaction(a) - reaction(b));
  const sla = shortest === undefined ? '' : `, sla: ${shortest[0]}`;
  const line = `{ name: danger-in-triage, when: { urgency: critical }, then: { team: ${triageTeam}, priority: urgent${sla} } }`;
  return [
    {
      ...placeOf(config, ['routing']),
      message:
        forDanger.length === 0
          ? 'no rule looks at `urgency: critical`, so a ticket about a fire or a person who is hurt waits as long as any other'
          : `no rule for the team "${triageTeam}" looks at \`urgency: critical\`, so a ticket about a fire or a person who is hurt waits there as long as any other where no engine is sure`,
      cure: `Add one, for example \`${line}\`.`,
    },
  ];
}

const reaction = ({ firstResponse }: { readonly firstResponse?: number | undefined }) => firstResponse ?? Infinity;
