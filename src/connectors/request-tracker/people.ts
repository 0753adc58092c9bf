import type { RtClient } from './client.ts';
import type { RtRequestor, RtTicket, RtTransaction, RtUser } from './schemas.ts';

const KEPT_MS = 10 * 60_000;
const MAX_KEPT = 10_000;

/** RT's own accounts: the one that runs scrips, and the owner of tickets that nobody owns. */
export const SYSTEM_USER = 'RT_System';
export const NOBODY = 'Nobody';

/** What a ticket's history and requestors need of the people in it. */
export type People = {
  /** Names of users who are privileged, which is RT's word for agents. */
  readonly agents: ReadonlySet<string>;
  /** Names of users by id, as owners are written in the history. */
  readonly names: ReadonlyMap<string, string>;
  readonly requestor: RtRequestor | null;
};

export type PeopleReader = {
  read(
    thread: { readonly ticket: RtTicket; readonly transactions: readonly RtTransaction[] },
    signal: AbortSignal,
  ): Promise<People>;
};

/** Looks up the people of tickets, each once in ten minutes. */
export function createPeopleReader(client: RtClient, now: () => number = () => performance.now()): PeopleReader {
  const users = createCache<RtUser | null>(now);
  const requestors = createCache<RtRequestor | null>(now);

  const isAgent = async (name: string, signal: AbortSignal): Promise<boolean> => {
    if (name === SYSTEM_USER || name === NOBODY) return false;
    return (await users.get(name, () => client.getUser({ user: name, signal })))?.Privileged === true;
  };
  const nameOf = async (id: string, signal: AbortSignal): Promise<string> =>
    (await users.get(id, () => client.getUser({ user: id, signal })))?.Name ?? id;
  const findRequestor = async (ticket: RtTicket, signal: AbortSignal): Promise<RtRequestor | null> => {
    const name = ticket.Requestor.find(({ type }) => type === 'user')?.id;
    if (name === undefined) return null;
    const found = await requestors.get(name, async () => {
      const all = await client.getRequestors({ ticket: ticket.id, signal });
      return all.find(({ id }) => id === name) ?? null;
    });
    // A requestor whom RT does not describe still has a name, which is often an address.
    return found ?? { ...noDetails, id: name };
  };

  return {
    async read({ ticket, transactions }, signal) {
      const requestorNames = new Set(ticket.Requestor.map(({ id }) => id));
      /** What requestors write is a customer's, whatever their account. */
      const isCustomers = ({ Type, Creator }: RtTransaction) =>
        requestorNames.has(Creator.id) && (Type === 'Create' || Type === 'Correspond');
      const creators = new Set(transactions.filter((one) => !isCustomers(one)).map(({ Creator }) => Creator.id));
      const owners = new Set(transactions.filter(isOwnerChange).flatMap((one) => [one.OldValue, one.NewValue]));
      const [requestor, agents, names] = await Promise.all([
        findRequestor(ticket, signal),
        Promise.all([...creators].map(async (name) => ((await isAgent(name, signal)) ? [name] : []))),
        Promise.all([...owners].map(async (id) => [id, await nameOf(id, signal)] as const)),
      ]);
      return { agents: new Set(agents.flat()), names: new Map(names), requestor };
    },
  };
}

const noDetails = { type: 'user', EmailAddress: '', RealName: '', Lang: '', Organization: '' };

/** `SetWatcher` says the same again. */
export const isOwnerChange = ({ Type, Field }: RtTransaction) => Type === 'Set' && Field === 'Owner';

function createCache<Value>(now: () => number) {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    async get(key: string, load: () => Promise<Value>): Promise<Value> {
      const found = kept.get(key);
      if (found !== undefined && found.until > now()) return found.value;
      const value = await load();
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(key, { value, until: now() + KEPT_MS });
      return value;
    },
  };
}
