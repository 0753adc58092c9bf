// Figures of several versions of the program in one file of `results/`, so that before and after stand beside each other.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

type Results = { readonly command: string; readonly versions: Readonly<Record<string, object>> };

/** Replaces the figures of the version that stands in `checkout`, named by its commit. */
export function saveVersion(options: { name: string; checkout: string; figures: object }): void {
  const { name, checkout, figures } = options;
  const file = join(import.meta.dirname, 'results', `${name}.json`);
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-C', checkout, ...parameters], { encoding: 'utf8' }).trim();
  const version = `${git('log', '-1', '--format=%cs %s')}${git('status', '--porcelain', 'src') === '' ? '' : ', changed'}`;
  const measuredAt = new Date().toISOString();
  const machine = `Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`;
  const results: Results = {
    command: ['npm run', `bench:${name}`].join(' '),
    versions: { ...readVersions(file), [version]: { measuredAt, machine, ...figures } },
  };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  console.log(version, figures);
}

function readVersions(file: string): Results['versions'] {
  try {
    // Written above.
    return (JSON.parse(readFileSync(file, 'utf8')) as Results).versions;
  } catch {
    return {};
  }
}
