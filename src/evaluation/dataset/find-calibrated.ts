import { type Calibrations, calibratedEngines } from '../../classifiers/calibration/calibrations.ts';
import { ticketKeys } from '../../classifiers/calibration/ticket-keys.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { CalibratedOn } from '../score/evaluation-result.ts';

/** The tickets that calibrations were fitted on, recognised by id or normalised words; null when there are none. */
export function findCalibrated(calibrations: Calibrations, tickets: readonly Ticket[]): CalibratedOn | null {
  const keys = tickets.map(ticketKeys);
  const engines: string[] = [];
  const ids = new Set<string>();
  for (const engine of calibratedEngines) {
    const seen = new Set(calibrations.get(engine)?.tickets);
    const own = tickets.filter((_, i) => keys[i]?.some((key) => seen.has(key)));
    if (own.length === 0) continue;
    engines.push(engine);
    for (const { id } of own) ids.add(id);
  }
  return engines.length === 0 ? null : { engines, ids: [...ids] };
}
