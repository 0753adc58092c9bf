import { eq, sql } from 'drizzle-orm';
import { calibratedEngines } from '../classifiers/calibration/calibrations.ts';
import { engineCalibrationSchema } from '../classifiers/calibration/engine-calibration.ts';
import { CALIBRATIONS_CHANNEL, type Executor } from './database.ts';
import { calibrations } from './schema.ts';
import type { CalibrationStore, StoredCalibration } from './store.ts';

export function createCalibrationStore(executor: Executor): CalibrationStore {
  return {
    async ofTaxonomy(taxonomy) {
      const rows = await executor
        .select({
          calibration: calibrations.calibration,
          actor: calibrations.actor,
          appliedAt: calibrations.appliedAt,
        })
        .from(calibrations)
        .where(eq(calibrations.taxonomy, taxonomy));
      return rows.flatMap(({ calibration, ...facts }): StoredCalibration[] => {
        // A calibration that cannot be read, perhaps because another version wrote it, is ignored.
        const parsed = engineCalibrationSchema.safeParse(calibration);
        const isKnown = parsed.success && calibratedEngines.some((engine) => engine === parsed.data.engine);
        return isKnown ? [{ calibration: parsed.data, ...facts }] : [];
      });
    },

    async apply({ calibration, actor }) {
      const { engine, taxonomy, version } = calibration;
      await executor
        .insert(calibrations)
        .values({ engine, taxonomy, version, calibration, actor })
        .onConflictDoUpdate({
          target: [calibrations.engine, calibrations.taxonomy],
          // Not sent a second time: one may have a megabyte.
          set: {
            version: sql`excluded.version`,
            calibration: sql`excluded.calibration`,
            actor: sql`excluded.actor`,
            appliedAt: sql`clock_timestamp()`,
          },
        });
      await executor.execute(sql`select pg_notify(${CALIBRATIONS_CHANNEL}, '')`);
    },
  };
}
