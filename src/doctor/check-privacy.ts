import { sep } from 'node:path';
import { findOpenData } from '../app/private-data.ts';
import { count } from '../base/plural.ts';
import { findOpenEntries } from '../base/private-files.ts';
import { say } from '../base/say.ts';
import { type Finding, finding } from './finding.ts';

/** Finds what other accounts of this machine can read in the data folder and in the folder of runs, which contain tickets. */
export async function checkPrivacy(options: { dataDir: string; runsDir: string }): Promise<Finding[]> {
  const { dataDir, runsDir } = options;
  const open = [...(await findOpenData(dataDir)), ...(await findOpenEntries(runsDir, { reachableOnly: true }))];
  const [first] = open;
  if (first === undefined) return [];
  const rest =
    open.length === 1 ? '' : ` and ${count(open.length - 1, 'other file or folder', 'other files and folders')}`;
  const outermost = open.filter(({ path }) => !open.some((other) => path.startsWith(other.path + sep)));
  const cure = `chmod -R go= ${outermost.map(({ path }) => quoted(path)).join(' ')}`;
  const text = `other accounts of this machine can read ${first.path}${rest}. To prevent that, run: ${cure}`;
  const values = { path: first.path, others: open.length - 1, cure };
  return [finding('privacy', 'failed', say('doctor.readable-by-others', text, values))];
}

/** A path as an argument of a POSIX shell. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
