import { say, verbatim } from '../base/say.ts';
import type { Classification } from '../classifiers/classifier.ts';
import { createNoAnswer } from '../classifiers/no-answer.ts';
import type { Decision, Mode } from '../routing/decision.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';

/** The classification that is stored for a ticket that no engine could read. */
export function createUndecided(options: { reason: string; taxonomyVersion: string }): Classification {
  const { reason, taxonomyVersion } = options;
  const reasoning = say('engine.failed-on-ticket', `No engine could read this ticket: ${reason}`, { reason });
  return createNoAnswer({ reason: verbatim(reason), reasoning, taxonomyVersion });
}

/** The decision for a ticket to which the routing rules cannot be applied: the triage team. */
export function createTriageDecision(options: {
  id: string;
  routing: RoutingConfig;
  mode: Mode;
  reason: string;
  release: string | null;
}): Decision {
  const { reason } = options;
  const text = `It goes to the triage team because it could not be decided: ${reason}`;
  const because = say('route.undecided', text, { reason });
  return {
    id: options.id,
    team: options.routing.triageTeam,
    assignee: null,
    priority: 'normal',
    tags: [],
    sla: { name: null, firstResponseDueAt: null, resolutionDueAt: null },
    urgency: 'normal',
    rule: 'triage',
    because: because.text,
    becauseFacts: because.facts,
    mode: options.mode,
    release: options.release,
  };
}
