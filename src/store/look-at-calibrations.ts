import { z } from 'zod';
import { actorSchema } from '../base/actor.ts';
import { engineCalibrationSchema } from '../classifiers/calibration/engine-calibration.ts';
import type { FoundStore } from './look-into-store.ts';
import type { StoredCalibration } from './store.ts';

/** The calibrations of a store that may be of an older version, and is not changed. Unreadable ones are left out. */
export async function lookAtCalibrations({ query }: FoundStore, taxonomy: string): Promise<StoredCalibration[]> {
  const [found] = z
    .array(z.object({ hasTable: z.boolean() }))
    .parse(await query(`select to_regclass('switchboard.calibrations') is not null as "hasTable"`));
  if (!found?.hasTable) return [];
  const rows = await query(
    `select taxonomy, calibration, actor, applied_at::text as "appliedAt" from switchboard.calibrations`,
  );
  return rows.flatMap((row): StoredCalibration[] => {
    const parsed = rowSchema.safeParse(row);
    return parsed.success && parsed.data.taxonomy === taxonomy ? [parsed.data] : [];
  });
}
const rowSchema = z.object({
  taxonomy: z.string(),
  calibration: engineCalibrationSchema,
  actor: actorSchema,
  appliedAt: z.string(),
});
