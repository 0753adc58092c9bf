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

export type LiveCalibrations = Calibrations & {
  /**
   * Called before others are in use; the function that it returns is called in the same turn in which they are, so that
   * whatever names them changes with them.
   */
  onChange(prepare: (next: Calibrations) => Promise<() => void>): void;
  close(): Promise<void>;
};

/**
 * The calibrations of the store, which engines go by from the moment when one is applied, here or in another process.
 * Files of the data folder that are newer are taken in first.
 */
export async function openCalibrations(options: {
  store: CalibrationPlace;
  dataDir: string;
  /** Its version. */
  taxonomy: string;
  logger: Logger;
  onError: (error: unknown) => void;
}): Promise<LiveCalibrations> {
  const { store, taxonomy, onError } = options;
  await takeInFiles(options);
  let current = await readStored(store, taxonomy, new Map());
  const listeners: ((next: Calibrations) => Promise<() => void>)[] = [];
  const follow = async () => {
    const next = await readStored(store, taxonomy, current);
    const isSame = next.size === current.size && [...next].every(([engine, own]) => current.get(engine) === own);
    if (isSame) return;
    const commits = await Promise.all(listeners.map((prepare) => prepare(mapCalibrations(() => next))));
    current = next;
    for (const commit of commits) commit();
  };
  // One after the other, so that the last change is the one that stays.
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

/** Those that are the same stay the same objects: engines work out their thresholds anew for another one. */
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

/** What was fitted later counts: a file that lay about for longer than the store's is left alone. */
async function takeInFiles(options: {
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
    const isTakenIn = await store.transaction(async (transaction) => {
      const stored = (await transaction.calibrations.ofTaxonomy(taxonomy)).find(
        ({ calibration }) => calibration.engine === engine,
      );
      if (stored?.calibration.version === version) return false;
      if (stored !== undefined && fittedAt(stored) >= file.fittedAt) return false;
      await transaction.calibrations.apply({ calibration: file.calibration, actor: systemActor });
      return true;
    });
    if (isTakenIn) logger.info({ engine, version }, 'took in a newer calibration from the data folder');
  }
}

function fittedAt({ calibration, appliedAt }: StoredCalibration): Date {
  return new Date(calibration.fittedAt ?? appliedAt);
}

/**
 * Puts a calibration in place of the one that its engine has. Throws InputError for one that was fitted for another
 * taxonomy or another version of Switchboard, or that was changed by hand.
 */
export async function applyCalibration(
  options: { store: Pick<Store, 'transaction'>; taxonomy: string },
  request: { readonly calibration: EngineCalibration; readonly actor: Actor },
): Promise<void> {
  const { calibration } = request;
  const problem = findProblem(calibration, options.taxonomy);
  if (problem !== null) {
    throw new InputError({
      message: `The calibration of "${calibration.engine}" ${problem} Fit it again with: switchboard calibrate --apply`,
    });
  }
  await options.store.transaction((transaction) => transaction.calibrations.apply(request));
}

function findProblem(calibration: EngineCalibration, taxonomy: string): string | null {
  if (!calibratedEngines.some((engine: CalibratedEngine) => engine === calibration.engine)) {
    return `is for no engine that can be calibrated (${calibratedEngines.join(', ')}).`;
  }
  if (calibration.taxonomy !== taxonomy) {
    return `was fitted for the taxonomy ${calibration.taxonomy}, and ${taxonomy} is in use.`;
  }
  if (calibration.features.join() !== answerFeatureNames.join()) return 'comes from another version of Switchboard.';
  if (calibrationVersion(calibration) !== calibration.version) return 'is not what its version says: it was changed.';
  return null;
}
