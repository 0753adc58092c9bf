import { say, verbatim } from '../base/say.ts';
import { type Finding, finding } from './finding.ts';

/** As `engines` in package.json. */
const OLDEST_NODE = [22, 12] as const;

/** Whether a version of Node, such as `v26.1.0`, is new enough. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (isNewEnough) return finding('node', 'ok', verbatim(version));
  const oldest = OLDEST_NODE.join('.');
  const text = `${version} is too old. Install Node ${oldest} or newer.`;
  return finding('node', 'failed', say('doctor.old-node', text, { version, oldest }));
}
