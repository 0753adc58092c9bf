// `npm pack` publishes without the bundled Node: as a dependency it would put a `node` of 189 MB into the user's
// node_modules/.bin, and the user's own scripts would run on it. `strip` runs before packing, `restore` after it.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestFile = join(import.meta.dirname, '..', 'package.json');
/** Required Node for users, whose own Node runs us. A clone brings its own Node, which any Node can start. */
const PUBLISHED_ENGINES = { node: '>=22.12' };
const backupFile = join(import.meta.dirname, '..', '.package.json.unpacked');
const manifestSchema = z.looseObject({
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  scripts: z.record(z.string(), z.string()).default({}),
});

/** Returns the manifest that users install: without the bundled Node and whatever else only a clone needs. */
export function publishedManifest(text: string): string {
  const {
    optionalDependencies,
    scripts: _scripts,
    devDependencies: _dev,
    overrides: _overrides,
    allowScripts: _allow,
    ...rest
  } = manifestSchema.parse(JSON.parse(text));
  const kept = Object.fromEntries(
    Object.entries(optionalDependencies).filter(([name]) => !/^node-(bin-)?(linux|darwin|win)-/.test(name)),
  );
  const published = { ...rest, engines: PUBLISHED_ENGINES };
  const manifest = Object.keys(kept).length > 0 ? { ...published, optionalDependencies: kept } : published;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function restore(): void {
  if (existsSync(backupFile)) renameSync(backupFile, manifestFile);
}

if (import.meta.main) {
  restore(); // also cleans up after an interrupted pack
  if (process.argv[2] === 'strip') {
    const text = readFileSync(manifestFile, 'utf8');
    writeFileSync(backupFile, text);
    writeFileSync(manifestFile, publishedManifest(text));
  }
}
