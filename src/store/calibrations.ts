import { and, eq, ne, sql } from '../base/drizzle.ts';
import { calibratedEngines } from '../classifiers/calibration/calibrations.ts';
import { engineCalibrationSchema } from '../classifiers/calibration/engine-calibration.ts';
import { CALIBRATIONS_CHANNEL, type Executor } from './database.ts';
import { calibrations } from './schema.ts';
import type { CalibrationStore, StoredCalibration } from './store.ts';

/** Version of a row whose calibration was dropped; versions of calibrations are hashes. */
const DROPPED = 'dropped';

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
        // One that was dropped, or that cannot be read, perhaps because another version wrote it, is ignored.
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

    // The row stays without its content, so that a process which starts later does not store its older file again.
    async drop({ engine, taxonomy, actor }) {
      const dropped = await executor
        .update(calibrations)
        .set({
          version: DROPPED,
          calibration: sql`jsonb_build_object('dropped', true)`,
          actor,
          appliedAt: sql`clock_timestamp()`,
        })
        .where(
          and(eq(calibrations.engine, engine), eq(calibrations.taxonomy, taxonomy), ne(calibrations.version, DROPPED)),
        )
        .returning({ engine: calibrations.engine });
      if (dropped.length === 0) return false;
      await executor.execute(sql`select pg_notify(${CALIBRATIONS_CHANNEL}, '')`);
      return true;
    },

    async dropped(taxonomy) {
      return executor
        .select({ engine: calibrations.engine, actor: calibrations.actor, droppedAt: calibrations.appliedAt })
        .from(calibrations)
        .where(and(eq(calibrations.taxonomy, taxonomy), eq(calibrations.version, DROPPED)));
    },
  };
}
