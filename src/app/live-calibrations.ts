import { setImmediate } from 'node:timers/promises';
import { type Actor, systemActor } from '../base/actor.ts';
import type { Logger } from '../base/logger.ts';
import { answerFeatureNames } from '../classifiers/calibration/answer-features.ts';
import { readCalibrationFile } from '../classifiers/calibration/calibration-file.ts';
import {
  type CalibratedEngine,
  type Calibrations,
  calibratedEngines,
} from '../classifiers/calibration/calibrations.ts';
import { calibrationVersion, type EngineCalibration } from '../classifiers/calibration/engine-calibration.ts';
import { InputError } from '../errors.ts';
import type { Store, StoredCalibration } from '../store/store.ts';

type CalibrationPlace = Pick<Store, 'calibrations' | 'transaction' | 'onCalibrations'>;

/** Calibrations that follow the store: when one is applied, in any process, `get` returns the new one. */
export type LiveCalibrations = Calibrations & {
  /**
   * Registers `prepare`, which is called before new calibrations come into use. The function that it resolves with is
   * called in the same turn of the event loop as the change, so that a release changes together with them.
   */
  onChange(prepare: (next: Calibrations) => Promise<() => void>): void;
  close(): Promise<void>;
};

/**
 * Opens the calibrations of the store and follows their changes. Files of the data folder that were fitted later than
 * the stored ones are stored first.
 */
export async function openCalibrations(options: {
  store: CalibrationPlace;
  dataDir: string;
  /** Version of the taxonomy in use. */
  taxonomy: string;
  logger: Logger;
  /** Called when a change could not be read; the calibrations from before stay in use. */
  onError: (error: unknown) => void;
}): Promise<LiveCalibrations> {
  const { store, taxonomy, onError } = options;
  await storeNewerFiles(options);
  let current = await readStored(store, taxonomy, new Map());
  const listeners: ((next: Calibrations) => Promise<() => void>)[] = [];
  const follow = async () => {
    await setImmediate();
    const next = await readStored(store, taxonomy, current);
    const isSame = next.size === current.size && [...next].every(([engine, own]) => current.get(engine) === own);
    if (isSame) return;
    const commits = await Promise.all(listeners.map((prepare) => prepare(mapCalibrations(() => next))));
    current = next;
    for (const commit of commits) commit();
  };
  // One change after another, so that the last one is in use at the end.
  let following = Promise.resolve();
  const stop = await store.onCalibrations(() => {
    following = following.then(follow).catch(onError);
  });
  return {
    ...mapCalibrations(() => current),
    onChange: (prepare) => void listeners.push(prepare),
    async close() {
      await stop();
      await following;
    },
  };
}

const mapCalibrations = (current: () => ReadonlyMap<string, EngineCalibration>): Calibrations => ({
  get: (engine) => current().get(engine) ?? null,
});

/** Calibrations that have not changed stay the same objects, because engines compute their thresholds again for a new one. */
async function readStored(
  store: CalibrationPlace,
  taxonomy: string,
  known: ReadonlyMap<string, EngineCalibration>,
): Promise<Map<string, EngineCalibration>> {
  const stored = await store.calibrations.ofTaxonomy(taxonomy);
  return new Map(
    stored.map(({ calibration }) => {
      const before = known.get(calibration.engine);
      return [calibration.engine, before?.version === calibration.version ? before : calibration];
    }),
  );
}

/** Stores the calibrations of the data folder that were fitted later than those in the store. */
async function storeNewerFiles(options: {
  store: CalibrationPlace;
  dataDir: string;
  taxonomy: string;
  logger: Logger;
}): Promise<void> {
  const { store, dataDir, taxonomy, logger } = options;
  for (const engine of calibratedEngines) {
    const file = await readCalibrationFile({ dataDir, engine, taxonomy });
    if (file === null) continue;
    const { version } = file.calibration;
    const isNewer = await store.transaction(async (transaction) => {
      const stored = (await transaction.calibrations.ofTaxonomy(taxonomy)).find(
        ({ calibration }) => calibration.engine === engine,
      );
      if (stored?.calibration.version === version) return false;
      if (stored !== undefined && fittedAt(stored) >= file.fittedAt) return false;
      await transaction.calibrations.apply({ calibration: file.calibration, actor: systemActor });
      return true;
    });
    if (isNewer) logger.info({ engine, version }, 'stored a newer calibration from the data folder');
  }
}

function fittedAt({ calibration, appliedAt }: StoredCalibration): Date {
  return new Date(calibration.fittedAt ?? appliedAt);
}

/**
 * Stores a calibration, which replaces the one of its engine. Throws InputError when it was fitted for another taxonomy or
 * by another version of Switchboard, or changed by hand. `taxonomy` is the version of the taxonomy in use.
 */
export async function applyCalibration(
  options: { store: Pick<Store, 'transaction'>; taxonomy: string },
  request: { readonly calibration: EngineCalibration; readonly actor: Actor },
): Promise<void> {
  const { calibration } = request;
  // Hashing and storing a large calibration each block the event loop for a while, so other work runs in between.
  await setImmediate();
  const problem = findProblem(calibration, options.taxonomy);
  if (problem !== null) {
    throw new InputError({
      message: `The calibration of "${calibration.engine}" ${problem} Fit it again with: switchboard calibrate --apply`,
    });
  }
  await setImmediate();
  await options.store.transaction((transaction) => transaction.calibrations.apply(request));
}

function findProblem(calibration: EngineCalibration, taxonomy: string): string | null {
  if (!calibratedEngines.some((engine: CalibratedEngine) => engine === calibration.engine)) {
    return `is not for an engine that can be calibrated (${calibratedEngines.join(', ')}).`;
  }
  if (calibration.taxonomy !== taxonomy) {
    return `was fitted for the taxonomy ${calibration.taxonomy}, but ${taxonomy} is in use.`;
  }
  if (calibration.features.join() !== answerFeatureNames.join()) return 'comes from another version of Switchboard.';
  if (calibrationVersion(calibration) !== calibration.version) return 'does not match its version: it was changed.';
  return null;
}
