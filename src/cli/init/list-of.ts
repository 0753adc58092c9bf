import { raceSignal, startDeadline } from '../../base/deadline.ts';
import type { Named } from '../../connectors/connector.ts';
import { SwitchboardError } from '../../errors.ts';
import { printableLine } from '../printable.ts';
import type { InitContext } from './connect-helpdesk.ts';

const TIMEOUT_MS = 30_000;

/** Lists something of a helpdesk; nothing, after saying so, when it cannot be listed or the helpdesk has no list of it. */
export async function listOf(
  { asker }: Pick<InitContext, 'asker'>,
  options: { readonly what: string; readonly list: ((signal: AbortSignal) => Promise<readonly Named[]>) | undefined },
): Promise<readonly Named[]> {
  const { what, list } = options;
  if (list === undefined) return [];
  using deadline = startDeadline({ timeoutMs: TIMEOUT_MS });
  const { signal } = deadline;
  try {
    const found = await raceSignal({ work: list(signal), signal });
    return found.map(({ id, name }) => ({ id, name: printableLine(name) || id }));
  } catch (error) {
    if (!(error instanceof SwitchboardError) && !deadline.passed()) throw error;
    asker.say(`The ${what} could not be listed: ${error instanceof Error ? error.message : 'no reply in time'}`);
    return [];
  }
}
