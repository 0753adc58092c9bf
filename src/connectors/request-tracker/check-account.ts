import { isSameName } from '../../base/same-name.ts';
import { ConnectorError } from '../../errors.ts';
import type { ConnectorFinding, Named } from '../connector.ts';
import type { RtClient } from './client.ts';

export type CheckOptions = {
  readonly client: RtClient;
  /** Name of the account whose token is used. */
  readonly self: string;
  /** The queues that the account sees. */
  readonly queues: readonly Named[];
  /** Ids or names of queues that the configuration names. */
  readonly named: readonly string[];
  /** Ids or names of the queues whose tickets are read; all when empty. */
  readonly intake: readonly string[];
  /** Names or ids of the custom fields that are written. */
  readonly fields: readonly string[];
  readonly signal: AbortSignal;
};

const ok = (detail: string): ConnectorFinding => ({ status: 'ok', detail });
const note = (detail: string): ConnectorFinding => ({ status: 'note', detail });
const failed = (detail: string): ConnectorFinding => ({ status: 'failed', detail });

/**
 * Checks what can be checked without a change. RT does not list an account's rights, but offers links to what the account
 * may do with a queue or a ticket.
 */
export async function checkAccount(options: CheckOptions): Promise<ConnectorFinding[]> {
  const { client, self, queues, named, intake, fields, signal } = options;
  const findings = [ok(`RT ${await client.getVersion(signal)}, as "${self}"`)];
  const account = await client.getUser({ user: self, signal });
  if (account?.Privileged !== true) {
    findings.push(failed(`the account "${self}" is not privileged: let it be granted rights in RT (Admin > Users)`));
  }
  if (queues.length === 0) findings.push(failed('the account sees no queue: give it SeeQueue'));
  const known = new Map<string, Named>();
  for (const name of new Set(named)) {
    const queue = queues.find(({ id }) => id === name) ?? queues.find((one) => isSameName(one.name, name));
    if (queue !== undefined) known.set(queue.id, queue);
    else findings.push(failed(`there is no queue "${name}", or the account lacks SeeQueue there: correct the name`));
  }
  for (const queue of known.values()) findings.push(...(await checkQueue({ client, queue, fields, signal })));
  const isRead = (queue: Named) =>
    intake.length === 0 || intake.some((name) => name === queue.id || isSameName(name, queue.name));
  const empty: string[] = [];
  for (const queue of queues.filter(isRead).slice(0, MAX_SAMPLED_QUEUES)) {
    const finding = await checkTickets({ client, queue, signal });
    if (finding === null) empty.push(queue.name);
    else findings.push(finding);
  }
  return empty.length === 0 ? findings : [...findings, note(nothingToLookAt(empty))];
}

/** A new RT has no tickets, so this is mostly no fault. */
function nothingToLookAt(queues: readonly string[]): string {
  const where = queues.length === 1 ? `queue ${queues[0]}` : `queues ${queues.join(', ')}`;
  return `${where}: no ticket to look at yet. The rights to read, change and comment on tickets are checked once there is one; if there are some, the account lacks ShowTicket`;
}

/** Each takes two calls. */
const MAX_SAMPLED_QUEUES = 20;

type QueueCheck = { client: RtClient; queue: Named; signal: AbortSignal };

async function checkQueue(options: QueueCheck & { fields: readonly string[] }): Promise<ConnectorFinding[]> {
  const { client, queue, fields, signal } = options;
  const found = await client.getQueue({ id: queue.id, signal });
  if (found === null) return [failed(`queue ${queue.name}: the account may not see it (SeeQueue)`)];
  const mayCreate = found._hyperlinks.some(({ ref }) => ref === 'create');
  const missing = fields.filter(
    (field) => !found.TicketCustomFields.some(({ id, name }) => id === field || isSameName(name, field)),
  );
  return [
    mayCreate
      ? ok(`queue ${queue.name} (${queue.id}): tickets can be moved there`)
      : failed(`queue ${queue.name}: RT lets no ticket in without CreateTicket, which the account does not have there`),
    ...missing.map((field) =>
      failed(
        `queue ${queue.name}: no custom field "${field}". Apply it to the queue, or give the account SeeCustomField`,
      ),
    ),
  ];
}

/** Looks at the newest ticket of a queue; null when none is to be seen. */
async function checkTickets({ client, queue, signal }: QueueCheck): Promise<ConnectorFinding | null> {
  let id: string | null;
  try {
    id = await client.findNewest({ queue: queue.id, signal });
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.unavailable) throw error;
    return note(`queue ${queue.name}: its tickets cannot be searched`);
  }
  const read = id === null ? null : await client.getTicket({ id, signal });
  if (read === null || read === 'unchanged') return null;
  const links = new Set(read.ticket._hyperlinks.map(({ ref }) => ref));
  const missing = [
    ...(links.has('comment') ? [] : ['CommentOnTicket']),
    // The links that change the status need it.
    ...(links.has('lifecycle') ? [] : ['ModifyTicket']),
  ];
  return missing.length === 0
    ? ok(`queue ${queue.name}: its tickets can be read, changed and commented on`)
    : failed(`queue ${queue.name}: the account lacks ${missing.join(' and ')} (looked at ticket ${id})`);
}
