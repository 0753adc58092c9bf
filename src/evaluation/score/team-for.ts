import type { Classification } from '../../classifiers/classifier.ts';
import { decideRoute } from '../../routing/decide-route.ts';
import type { RoutingConfig } from '../../routing/routing-config.ts';
import type { ScoredTicket } from './scored-ticket.ts';

// Rules use the time only for due dates, which no figure depends on.
const anyTime = new Date(0);

/**
 * Returns the function that says which team a ticket goes to if the intent were certain. Urgency comes from the label
 * when that has one, so that the right and the answered intent differ in nothing else.
 */
export function createTeamFor(config: RoutingConfig): (scored: ScoredTicket, intent: string) => string | null {
  return ({ ticket, classification }, intent) => {
    if (classification === null) return null;
    const certain: Classification = {
      ...classification,
      intent,
      confidence: 1,
      abstained: false,
      urgency: ticket.urgency ?? classification.urgency,
    };
    const decision = decideRoute({
      ticket,
      classification: certain,
      config,
      mode: 'shadow',
      now: anyTime,
      id: 'd-eval',
    });
    return decision.team;
  };
}
