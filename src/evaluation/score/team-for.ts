import type { Classification } from '../../classifiers/classifier.ts';
import { decideRoute } from '../../routing/decide-route.ts';
import type { RoutingConfig } from '../../routing/routing-config.ts';
import type { ScoredTicket } from './scored-ticket.ts';

// Rules look at no clock but for due dates, which no figure uses.
const anyTime = new Date(0);

/**
 * The team that a ticket goes to with an intent that is taken as certain. Urgency comes from the label where it is known,
 * so that right and answered intent are held against the same ticket.
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
