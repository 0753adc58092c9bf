import type { Decision } from '../../routing/decision.ts';
import type { DeliverRequest } from '../connector.ts';

/** One line of the file. It has the ticket's ids but not its text. Times are ISO 8601. */
export type DeliveredLine = {
  readonly decisionId: string;
  readonly at: string;
  readonly ticketId: string;
  readonly externalId: string;
  readonly mode: Decision['mode'];
  readonly team: string;
  readonly assignee: string | null;
  readonly priority: Decision['priority'];
  readonly tags: readonly string[];
  readonly sla: Decision['sla'];
  readonly intent: string | null;
  readonly confidence: number;
  readonly abstained: boolean;
  readonly rule: string;
  readonly because: string;
  readonly reasoning: string;
};

/** Maps a decision to its line; `at` is the time of the delivery. */
export function mapDelivery({ ticket, classification, decision }: DeliverRequest, at: Date): DeliveredLine {
  return {
    decisionId: decision.id,
    at: at.toISOString(),
    ticketId: ticket.id,
    externalId: ticket.source?.externalId ?? ticket.id,
    mode: decision.mode,
    team: decision.team,
    assignee: decision.assignee,
    priority: decision.priority,
    tags: decision.tags,
    sla: decision.sla,
    intent: classification.intent,
    confidence: classification.confidence,
    abstained: classification.abstained,
    rule: decision.rule,
    because: decision.because,
    reasoning: classification.reasoning,
  };
}
