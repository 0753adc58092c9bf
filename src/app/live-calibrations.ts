import { setImmediate } from 'node:timers/promises';
import { type Actor, nameActor, systemActor } from '../base/actor.ts';
import type { Logger } from '../base/logger.ts';
import { answerFeatureNames } from '../classifiers/calibration/answer-features.ts';
import { type AskedPrompts, whySetAside } from '../classifiers/calibration/asked-prompt.ts';
import { readCalibrationFile, type SetAside } from '../classifiers/calibration/calibration-file.ts';
import {
  type CalibratedEngine,
  type Calibrations,
  calibratedEngines,
} from '../classifiers/calibration/calibrations.ts';
import type { ConfidenceTarget } from '../classifiers/calibration/confidence-target.ts';
import { type CalibrationFacts, describeCalibration } from '../classifiers/calibration/describe-calibration.ts';
import { calibrationVersion, type EngineCalibration } from '../classifiers/calibration/engine-calibration.ts';
import { InputError, NotFoundError } from '../errors.ts';
import type { Store, StoredCalibration } from '../store/store.ts';

type CalibrationPlace = Pick<Store, 'calibrations' | 'transaction' | 'onCalibrations'>;

/** Calibrations that follow the store: when one is applied, in any process, `get` returns the new one. */
export type LiveCalibrations = Calibrations & {
  /**
   * Registers `prepare`, which is called before new calibrations come into use. The function that it resolves with is
   * called in the same turn of the event loop as the change, so that a release changes together with them.
   */
  onChange(prepare: (next: Calibrations) => Promise<() => void>): void;
  /** Those that are stored, and not in use because the prompt or the model has changed. */
  setAside(): readonly SetAside[];
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
  /** What models are asked with; calibrations of other prompts are not used. */
  asked: AskedPrompts;
  logger: Logger;
  /** Called when a change could not be read; the calibrations from before stay in use. */
  onError: (error: unknown) => void;
}): Promise<LiveCalibrations> {
  const { store, onError } = options;
  await storeNewerFiles(options);
  let { inUse: current, setAside } = await readStored(options, new Map());
  const listeners: ((next: Calibrations) => Promise<() => void>)[] = [];
  const follow = async () => {
    await setImmediate();
    const { inUse: next, setAside: nextAside } = await readStored(options, current);
    setAside = nextAside;
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
    setAside: () => setAside,
    async close() {
      await stop();
      await following;
    },
  };
}

const mapCalibrations = (current: () => ReadonlyMap<string, EngineCalibration>): Calibrations => ({
  get: (engine) => current().get(engine) ?? null,
});

type Stored = {
  readonly inUse: ReadonlyMap<string, EngineCalibration>;
  readonly setAside: readonly SetAside[];
};

/** Calibrations that have not changed stay the same objects, because engines compute their thresholds again for a new one. */
async function readStored(
  { store, taxonomy, asked }: { store: CalibrationPlace; taxonomy: string; asked: AskedPrompts },
  known: ReadonlyMap<string, EngineCalibration>,
): Promise<Stored> {
  const inUse = new Map<string, EngineCalibration>();
  const setAside: SetAside[] = [];
  for (const { calibration } of await store.calibrations.ofTaxonomy(taxonomy)) {
    const { engine, version } = calibration;
    const before = known.get(engine);
    const why = whySetAside(calibration, { taxonomy, asked });
    if (why === null) inUse.set(engine, before?.version === version ? before : calibration);
    else if (isCalibrated(engine)) setAside.push({ engine, why });
  }
  return { inUse, setAside };
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
      const dropped = (await transaction.calibrations.dropped(taxonomy)).find((drop) => drop.engine === engine);
      if (dropped !== undefined && new Date(dropped.droppedAt) >= file.fittedAt) return false;
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
  options: { store: Pick<Store, 'transaction'>; taxonomy: string; asked: AskedPrompts },
  request: { readonly calibration: EngineCalibration; readonly actor: Actor },
): Promise<void> {
  const { calibration, actor } = request;
  // Hashing and storing a large calibration each block the event loop for a while, so other work runs in between.
  await setImmediate();
  const problem = findProblem(calibration, options);
  if (problem !== null) {
    throw new InputError({
      message: `The calibration of "${calibration.engine}" ${problem} Fit it again with: switchboard calibrate --apply`,
    });
  }
  await setImmediate();
  const { engine, version } = calibration;
  await options.store.transaction(async (transaction) => {
    await transaction.calibrations.apply(request);
    await transaction.history.append([historyEntry({ engine, version, actor, change: 'applied' })]);
  });
}

/** Takes the calibration of an engine out of use. Throws NotFoundError when there is none for the taxonomy in use. */
export async function dropCalibration(
  { store, taxonomy }: { store: Pick<Store, 'transaction'>; taxonomy: string },
  { engine, actor }: { readonly engine: CalibratedEngine; readonly actor: Actor },
): Promise<void> {
  await store.transaction(async (transaction) => {
    const stored = (await transaction.calibrations.ofTaxonomy(taxonomy)).find(
      ({ calibration }) => calibration.engine === engine,
    );
    if (!(await transaction.calibrations.drop({ engine, taxonomy, actor }))) {
      throw new NotFoundError(`There is no calibration of "${engine}" for this taxonomy.`);
    }
    const version = stored?.calibration.version ?? 'unreadable';
    await transaction.history.append([historyEntry({ engine, version, actor, change: 'dropped' })]);
  });
}

function historyEntry(options: { engine: string; version: string; actor: Actor; change: 'applied' | 'dropped' }) {
  const { engine, version, actor, change } = options;
  return {
    ticketId: null,
    event: `calibration-${change}` as const,
    by: nameActor(actor),
    actor,
    detail: `calibration ${version} of "${engine}" ${change}`,
    facts: { engine, version },
  };
}

/** A stored calibration, for people and programs. */
export type ListedCalibration = CalibrationFacts & { readonly appliedAt: string; readonly actor: Actor };

export async function listCalibrations(options: {
  store: Pick<Store, 'calibrations'>;
  taxonomy: string;
  asked: AskedPrompts;
  target: ConfidenceTarget;
}): Promise<ListedCalibration[]> {
  const { store, ...inUse } = options;
  const { taxonomy } = inUse;
  const stored = await store.calibrations.ofTaxonomy(taxonomy);
  return stored
    .map(({ calibration, appliedAt, actor }) => ({
      ...describeCalibration(calibration, inUse),
      appliedAt,
      actor,
    }))
    .sort((a, b) => (a.engine < b.engine ? -1 : 1));
}

const isCalibrated = (engine: string): engine is CalibratedEngine =>
  calibratedEngines.some((known: string) => known === engine);

function findProblem(
  calibration: EngineCalibration,
  { taxonomy, asked }: { taxonomy: string; asked: AskedPrompts },
): string | null {
  if (!isCalibrated(calibration.engine)) {
    return `is not for an engine that can be calibrated (${calibratedEngines.join(', ')}).`;
  }
  if (calibration.taxonomy !== taxonomy) {
    return `was fitted for the taxonomy ${calibration.taxonomy}, but ${taxonomy} is in use.`;
  }
  if (calibration.features.join() !== answerFeatureNames.join()) return 'comes from another version of Switchboard.';
  if (calibrationVersion(calibration) !== calibration.version) return 'does not match its version: it was changed.';
  const why = whySetAside(calibration, { taxonomy, asked });
  return why === null ? null : `would not be used: ${why}.`;
}
