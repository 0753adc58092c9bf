import type { CalibratedEngine, Calibrations } from '../../classifiers/calibration/calibrations.ts';
import { ticketKeys } from '../../classifiers/calibration/ticket-keys.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { CalibratedOn } from '../score/evaluation-result.ts';

/** The tickets that calibrations of the engines `asked` were fitted on, by id or normalised words; null for none. */
export function findCalibrated(
  { calibrations, asked }: { calibrations: Calibrations; asked: readonly CalibratedEngine[] },
  tickets: readonly Ticket[],
): CalibratedOn | null {
  const keys = tickets.map(ticketKeys);
  const engines: string[] = [];
  const ids = new Set<string>();
  for (const engine of asked) {
    const seen = new Set(calibrations.get(engine)?.tickets);
    const own = tickets.filter((_, i) => keys[i]?.some((key) => seen.has(key)));
    if (own.length === 0) continue;
    engines.push(engine);
    for (const { id } of own) ids.add(id);
  }
  return engines.length === 0 ? null : { engines, ids: [...ids] };
}
