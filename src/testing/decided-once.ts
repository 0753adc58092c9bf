import { existsSync, readFileSync } from 'node:fs';
import { ticketRecordSchema } from '../http/contract.ts';

/** Asks a server about tickets. Returns those that were not decided exactly once, with what it says about them. */
export async function findNotDecidedOnce(options: {
  url: string;
  ids: Iterable<string>;
}): Promise<Map<string, string>> {
  const wrong = new Map<string, string>();
  for (const id of options.ids) {
    const response = await fetch(`${options.url}/v1/tickets/${id}`);
    if (response.status !== 200) {
      wrong.set(id, `${response.status}`);
      continue;
    }
    const { history, decision } = ticketRecordSchema.parse(await response.json());
    const decided = history.filter(({ event }) => event === 'decided').length;
    if (decided !== 1 || decision === null) wrong.set(id, history.map(({ event }) => event).join(' '));
  }
  return wrong;
}

/** Lists tickets that were written to a connector's file more than once. */
export function findRepeatedDeliveries(file: string): string[] {
  const counts = new Map<string, number>();
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    // A line that is incomplete because the process was killed is no delivery.
    const [, ticketId] = /^\{.*"ticketId":"([^"]+)".*\}$/.exec(line) ?? [];
    if (ticketId !== undefined) counts.set(ticketId, (counts.get(ticketId) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([ticketId, count]) => `${ticketId}: ${count} times`);
}
