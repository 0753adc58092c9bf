import type { AskedPrompts } from '../../classifiers/calibration/asked-prompt.ts';
import type { EngineCalibration } from '../../classifiers/calibration/engine-calibration.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { accountActor } from './account-actor.ts';
import { findServer } from './stored-examples.ts';

/**
 * Applies calibrations in the running processes: through the server that has the embedded store open, or in PostgreSQL.
 * Returns where they were applied, for people; null when no server runs on this data folder, where the next one finds them.
 */
export async function applyCalibrations(options: {
  readonly config: LoadedConfig;
  /** Version of the taxonomy in use. */
  readonly taxonomy: string;
  /** What models are asked with; a calibration of another prompt is refused. */
  readonly asked: AskedPrompts;
  readonly calibrations: readonly EngineCalibration[];
  readonly findServer?: (config: LoadedConfig) => Promise<string | null>;
}): Promise<string | null> {
  const { config, taxonomy, asked, calibrations } = options;
  const { databaseUrl, token } = config.secrets;
  if (databaseUrl !== null) {
    const [{ openStore }, { applyCalibration }] = await Promise.all([
      import('../../store/open-store.ts'),
      import('../../app/live-calibrations.ts'),
    ]);
    const store = await openStore({ databaseUrl, dataDir: config.settings.dataDir });
    try {
      const actor = accountActor();
      for (const calibration of calibrations)
        await applyCalibration({ store, taxonomy, asked }, { calibration, actor });
      return store.location;
    } finally {
      await store.close();
    }
  }
  const serverUrl = await (options.findServer ?? findServer)(config);
  if (serverUrl === null) return null;
  const { createCall } = await import('./server-examples.ts');
  const call = createCall({ serverUrl, token });
  for (const calibration of calibrations) {
    await call('/v1/calibrations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(calibration),
    });
  }
  return serverUrl;
}
