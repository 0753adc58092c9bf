import { isSameName } from '../../base/same-name.ts';
import type { SharedFields } from '../../connectors/connector-settings.ts';
import type { HelpdeskTicket } from '../../ticket/helpdesk-ticket.ts';

export type IntakeScope = Pick<SharedFields, 'groups' | 'queues' | 'brands' | 'statuses'>;

/** True for a ticket that the connector takes in: in one of its groups, brands and statuses, where it names any. */
export function isInIntake(scope: IntakeScope, found: HelpdeskTicket['intake']): boolean {
  return (
    isNamed([...scope.groups, ...scope.queues], found.groups) &&
    isNamed(scope.brands, found.brands) &&
    isNamed(scope.statuses, found.statuses)
  );
}

function isNamed(wanted: readonly string[], found: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((name) => found.some((other) => isSameName(name, other)));
}
