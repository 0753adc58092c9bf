import type { Classification } from '../classifiers/classifier.ts';
import { createNoAnswer } from '../classifiers/no-answer.ts';
import type { Decision, Mode } from '../routing/decision.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';

/** The classification that is stored for a ticket that no engine could read. */
export function createUndecided(options: { reason: string; taxonomyVersion: string }): Classification {
  return createNoAnswer({ ...options, reasoning: `No engine could read this ticket: ${options.reason}` });
}

/** The decision for a ticket to which the routing rules cannot be applied: the triage team. */
export function createTriageDecision(options: {
  id: string;
  routing: RoutingConfig;
  mode: Mode;
  reason: string;
  release: string | null;
}): Decision {
  return {
    id: options.id,
    team: options.routing.triageTeam,
    assignee: null,
    priority: 'normal',
    tags: [],
    sla: { name: null, firstResponseDueAt: null, resolutionDueAt: null },
    urgency: 'normal',
    rule: 'triage',
    because: `It goes to the triage team because it could not be decided: ${options.reason}`,
    mode: options.mode,
    release: options.release,
  };
}
