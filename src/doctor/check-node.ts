import { say, verbatim } from '../base/say.ts';
import { type Finding, finding } from './finding.ts';

/** As `engines` in package.json. */
const OLDEST_NODE = [22, 12] as const;

/** Whether a version of Node, such as `v26.1.0`, is new enough, and whether it is the machine's own. */
export function checkNode({ version, execPath }: { version: string; execPath: string }): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (isNewEnough) {
    const isBundled = /[\\/]node_modules[\\/]/.test(execPath);
    const text = `${version}, which came with Switchboard's dependencies`;
    return finding('node', 'ok', isBundled ? say('doctor.bundled-node', text, { version }) : verbatim(version));
  }
  const oldest = OLDEST_NODE.join('.');
  const text = `${version} is too old. Install Node ${oldest} or newer.`;
  return finding('node', 'failed', say('doctor.old-node', text, { version, oldest }));
}
