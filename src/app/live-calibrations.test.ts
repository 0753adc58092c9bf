// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { utimes } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../base/actor.ts';
import { silentLogger } from '../base/logger.ts';
import type { AskedPrompts } from '../classifiers/calibration/asked-prompt.ts';
import { calibrationFile, writeCalibration } from '../classifiers/calibration/calibration-file.ts';
import { calibrationVersion, type EngineCalibration } from '../classifiers/calibration/engine-calibration.ts';
import { loadConfig } from '../config/load-config.ts';
import { NotFoundError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { sampleCalibration } from '../testing/sample-calibration.ts';
import { shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import { followRelease } from './build-release.ts';
import { applyCalibration, dropCalibration, listCalibrations, openCalibrations } from './live-calibrations.ts';

const actor: Actor = { kind: 'token', id: 'api' };

describe.each(storeKinds)('calibrations in use on $kind', ({ skip, open }) => {
  describe.skipIf(skip)('', () => {
    let opened: TestStore;
    let store: Store;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });
    const start = async (options: { taxonomy: string; dataDir?: string; asked?: AskedPrompts }) => {
      const live = await openCalibrations({
        dataDir: 'no-such-folder',
        asked: {},
        ...options,
        store,
        logger: silentLogger,
        onError: (error) => {
          throw error;
        },
      });
      return { ...live, [Symbol.asyncDispose]: live.close };
    };
    const apply = (calibration: EngineCalibration, taxonomy = calibration.taxonomy) =>
      applyCalibration({ store, taxonomy, asked: {} }, { calibration, actor });

    test('are those in the store for the taxonomy in use', async () => {
      const own = sampleCalibration({ taxonomy: 'a', rightOf100: 60, day: 1 });
      await apply(own);
      await using live = await start({ taxonomy: 'a' });
      await using other = await start({ taxonomy: 'b' });
      expect([live.get('local'), live.get('claude'), other.get('local')]).toEqual([own, null, null]);
      expect(await store.calibrations.ofTaxonomy('a')).toMatchObject([{ actor, calibration: { engine: 'local' } }]);
    });

    test('change in every process when one is applied, and so does the release', async () => {
      const taxonomy = smallTaxonomy(shopIntents);
      const { version } = taxonomy;
      await using here = await start({ taxonomy: version });
      await using there = await start({ taxonomy: version });
      const config = await loadConfig({ cwd: '/', env: {}, value: { classifier: 'local' } });
      const saved: string[] = [];
      const release = await followRelease({
        config,
        taxonomy,
        urgencyPhrases: {},
        calibrations: there,
        save: async ({ id }) => void saved.push(id),
      });
      const before = release().id;
      const changes = [here, there].map(
        (live) =>
          new Promise<void>((resolve) => {
            live.onChange(async () => resolve);
          }),
      );
      const own = sampleCalibration({ taxonomy: version, rightOf100: 60, day: 1 });
      await apply(own);
      await Promise.all(changes);
      expect([here.get('local'), there.get('local')]).toEqual([own, own]);
      expect(release().content.calibrations).toEqual({ local: own.version });
      expect(saved).toEqual([before, release().id]);
      expect(saved[1]).not.toBe(before);
    });

    test('are read from the data folder when the file was fitted later than the stored one', async () => {
      await using folder = await temporaryFolder();
      const write = (calibration: EngineCalibration) =>
        writeCalibration(calibrationFile({ dataDir: folder.path, engine: calibration.engine }), calibration);
      const inUse = async () => {
        await using live = await start({ taxonomy: 'files', dataDir: folder.path });
        return live.get('local')?.version;
      };
      const [older, stored, newer] = [1, 2, 3].map((day) =>
        sampleCalibration({ taxonomy: 'files', rightOf100: 50 + day, day }),
      );
      if (older === undefined || stored === undefined || newer === undefined) throw new RangeError('three expected');
      await write(older);
      expect(await inUse()).toBe(older.version);
      await apply(stored);
      expect(await inUse()).toBe(stored.version);
      await write(newer);
      expect(await inUse()).toBe(newer.version);
      // A calibration of an older version has no date: the time of the file counts.
      const { fittedAt: _, ...undated } = sampleCalibration({ taxonomy: 'files', rightOf100: 70, day: 4 });
      await write(undated);
      const file = calibrationFile({ dataDir: folder.path, engine: 'local' });
      await utimes(file, new Date('2026-01-01'), new Date('2026-01-01'));
      expect(await inUse()).toBe(newer.version);
      await utimes(file, new Date('2027-01-01'), new Date('2027-01-01'));
      expect(await inUse()).toBe(undated.version);
    });

    test('of another prompt are set aside and named, until one of this prompt is applied', async () => {
      const taxonomy = 'prompts';
      const old = sampleCalibration({ engine: 'claude', taxonomy, rightOf100: 60, day: 1 });
      await apply(old);
      const asked = { claude: { model: 'claude-haiku-5-5', prompt: 'p-2' } };
      await using live = await start({ taxonomy, asked });
      expect([live.get('claude'), live.setAside()]).toMatchObject([null, [{ engine: 'claude' }]]);
      await expect(applyCalibration({ store, taxonomy, asked }, { calibration: old, actor })).rejects.toThrow(
        /would not be used: it does not say with which prompt/,
      );
      const changed = new Promise<void>((resolve) => {
        live.onChange(async () => resolve);
      });
      const content = { ...old, ...asked.claude };
      const current = { ...content, version: calibrationVersion(content) };
      await applyCalibration({ store, taxonomy, asked }, { calibration: current, actor });
      await changed;
      expect([live.get('claude')?.version, live.setAside()]).toEqual([current.version, []]);
      expect(await listCalibrations({ store, taxonomy, asked, target: { targetPrecision: 0.95 } })).toMatchObject([
        {
          engine: 'claude',
          model: 'claude-haiku-5-5',
          prompt: 'p-2',
          cases: 100,
          accuracy: 0.6,
          setAside: null,
          actor,
        },
      ]);
    });

    test('are dropped in every process, stay dropped where an older file is found, and the history says by whom', async () => {
      await using folder = await temporaryFolder();
      const taxonomy = 'dropped';
      const own = sampleCalibration({ taxonomy, rightOf100: 60, day: 1 });
      await writeCalibration(calibrationFile({ dataDir: folder.path, engine: 'local' }), own);
      await using live = await start({ taxonomy, dataDir: folder.path });
      expect(live.get('local')?.version).toBe(own.version);
      const changed = new Promise<void>((resolve) => {
        live.onChange(async () => resolve);
      });
      await dropCalibration({ store, taxonomy }, { engine: 'local', actor });
      await changed;
      expect(live.get('local')).toBeNull();
      await using later = await start({ taxonomy, dataDir: folder.path });
      expect(later.get('local')).toBeNull();
      expect(await store.calibrations.dropped(taxonomy)).toMatchObject([{ engine: 'local', actor }]);
      await expect(dropCalibration({ store, taxonomy }, { engine: 'local', actor })).rejects.toThrow(NotFoundError);
      const events = (await store.history.after(0, 1_000)).filter(({ event }) => event === 'calibration-dropped');
      expect(events).toMatchObject([{ actor, facts: { engine: 'local', version: own.version } }]);
      const newer = sampleCalibration({ taxonomy, rightOf100: 70, day: 2 });
      await apply(newer);
      expect(await store.calibrations.dropped(taxonomy)).toEqual([]);
    });

    test('are refused when they belong to another taxonomy, engine or version, or were changed by hand', async () => {
      const good = sampleCalibration({ taxonomy: 'refused', rightOf100: 60, day: 1 });
      await expect(apply(good, 'other')).rejects.toThrow(/fitted for the taxonomy refused, but other is in use/);
      await expect(apply({ ...good, engine: 'tarot' })).rejects.toThrow(/not for an engine that can be calibrated/);
      await expect(apply({ ...good, features: ['mood'] })).rejects.toThrow(/another version of Switchboard/);
      await expect(apply({ ...good, logistic: { ...good.logistic, bias: 9 } })).rejects.toThrow(/was changed/);
      expect(await store.calibrations.ofTaxonomy('refused')).toEqual([]);
    });
  });
});
