import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CalibrationPlace, type CalibrationPlaces, listCalibrationFiles } from '../../app/calibration-files.ts';
import type { ListedCalibration } from '../../app/live-calibrations.ts';
import { removeCalibrationFile } from '../../classifiers/calibration/calibration-file.ts';
import type { CalibratedEngine } from '../../classifiers/calibration/calibrations.ts';
import { type CalibrationFacts, describeCalibration } from '../../classifiers/calibration/describe-calibration.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { NotFoundError, SwitchboardError } from '../../errors.ts';
import { calibrationListSchema } from '../../http/contract.ts';
import { accountActor } from './account-actor.ts';
import { createCall } from './server-examples.ts';
import { findServer } from './stored-examples.ts';

type Place = CalibrationPlace;

/** The calibrations of the data folder, and of the store: through the server that has it open, or directly. */
export async function findCalibrations(place: Place): Promise<CalibrationPlaces> {
  const { config, taxonomy } = place;
  const { dataDir, confidence: target } = config.settings;
  const inUse = { ...place, target };
  const files = await listCalibrationFiles(place);
  const server = await serverCall(config);
  if (server !== null) {
    const response = await server('/v1/calibrations');
    return { files, stored: calibrationListSchema.parse(await response.json()).items };
  }
  if (!hasStore(config)) return { files, stored: [] };
  const { lookIntoStore } = await import('../../store/look-into-store.ts');
  const { lookAtCalibrations } = await import('../../store/look-at-calibrations.ts');
  const { databaseUrl } = config.secrets;
  const found = await lookIntoStore({ databaseUrl, dataDir }, (store) => lookAtCalibrations(store, taxonomy));
  const stored = found.map(({ calibration, appliedAt, actor }) => ({
    ...describeCalibration(calibration, inUse),
    appliedAt,
    actor,
  }));
  return { files, stored };
}

/** Those in use, at most one of each engine: of the data folder, or of the store where that has none. */
export async function findInUse(place: Place): Promise<CalibrationFacts[]> {
  const isInUse = ({ setAside }: CalibrationFacts) => setAside === null;
  const files = (await listCalibrationFiles(place)).filter(isInUse);
  const stored = ((await lookForStored(place)) ?? []).filter(isInUse);
  return [...files, ...stored.filter(({ engine }) => !files.some((file) => file.engine === engine))];
}

/** Those of the store; null when it cannot be read. */
export async function lookForStored(place: Place): Promise<readonly ListedCalibration[] | null> {
  try {
    return (await findCalibrations(place)).stored;
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return null;
  }
}

/** Drops a calibration from the data folder and from the store. Throws NotFoundError when neither has it. */
export async function dropCalibration(place: Place, engine: CalibratedEngine): Promise<void> {
  const { config, taxonomy } = place;
  // The store first: a process that starts in between would store the file again.
  const wasStored = await dropStored({ config, taxonomy, engine });
  const wasThere = await removeCalibrationFile({ dataDir: config.settings.dataDir, engine });
  if (wasStored || wasThere) return;
  throw new NotFoundError(
    `There is no calibration of "${engine}" in ${config.settings.dataDir}. See them with: switchboard calibrations list`,
  );
}

async function dropStored(options: {
  config: LoadedConfig;
  taxonomy: string;
  engine: CalibratedEngine;
}): Promise<boolean> {
  const { config, taxonomy, engine } = options;
  try {
    const server = await serverCall(config);
    if (server !== null) {
      await server(`/v1/calibrations/${engine}`, { method: 'DELETE' });
      return true;
    }
    if (!hasStore(config)) return false;
    await withStore(config, async (store) => {
      const live = await import('../../app/live-calibrations.ts');
      const actor = accountActor();
      await live.dropCalibration({ store, taxonomy }, { engine, actor });
    });
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

async function serverCall(config: LoadedConfig) {
  const serverUrl = await findServer(config);
  return serverUrl === null ? null : createCall({ serverUrl, token: config.secrets.token });
}

const hasStore = ({ secrets, settings }: LoadedConfig) =>
  secrets.databaseUrl !== null || existsSync(join(settings.dataDir, 'store'));

async function withStore<T>(
  { secrets, settings }: LoadedConfig,
  work: (store: Awaited<ReturnType<typeof import('../../store/open-store.ts')['openStore']>>) => Promise<T>,
): Promise<T> {
  const { openStore } = await import('../../store/open-store.ts');
  const store = await openStore({ databaseUrl: secrets.databaseUrl, dataDir: settings.dataDir });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
