import type { Clock } from '../base/clock.ts';
import { say } from '../base/say.ts';
import type { Degradation } from '../classifiers/model-api/model-watch.ts';
import type { CursorStore, StoredCursor } from '../store/store.ts';

/** How far the changes of a helpdesk have been read. */
export type HelpdeskHealth = {
  readonly connector: string;
  /** When it was last read without an error (ISO 8601); null before the first time. */
  readonly polledAt: string | null;
  /** False while older changes are still being read. */
  readonly isCaughtUp: boolean;
};

/** A helpdesk that was not read for this long does not work as it should; the longest usual pause is a minute. */
const SILENT_MS = 5 * 60_000;
/** The same for a connector with a longer `poll`. */
const SILENT_PAUSES = 3;

/** Reads how the polled helpdesks are. `polled` has the longest pause between two looks in milliseconds, by connector. */
export async function readHelpdeskHealth(options: {
  cursors: Pick<CursorStore, 'all'>;
  polled: ReadonlyMap<string, number>;
  now: Clock;
}): Promise<{ helpdesks: readonly HelpdeskHealth[]; degraded: readonly Degradation[] }> {
  const { cursors, polled, now } = options;
  if (polled.size === 0) return { helpdesks: [], degraded: [] };
  const known = (await cursors.all()).filter(({ connector }) => polled.has(connector));
  return {
    helpdesks: known.map(({ connector, polledAt, isAtEnd }) => ({ connector, polledAt, isCaughtUp: isAtEnd })),
    degraded: known.flatMap((cursor) => findSilence(cursor, { pauseMs: polled.get(cursor.connector) ?? 0, now })),
  };
}

function findSilence(cursor: StoredCursor, { pauseMs, now }: { pauseMs: number; now: Clock }): Degradation[] {
  const since = cursor.polledAt ?? cursor.connectedAt;
  const silentMs = now().getTime() - Date.parse(since);
  if (silentMs < Math.max(SILENT_MS, SILENT_PAUSES * pauseMs)) return [];
  const count = Math.floor(silentMs / 60_000);
  const { text, facts } = say('health.silent', `its helpdesk was last read ${count} minutes ago`, { count });
  return [{ part: `connector ${cursor.connector}`, why: text, whyFacts: facts, since }];
}
