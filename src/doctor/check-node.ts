import type { Finding } from './finding.ts';

/** As `engines` in package.json. */
const OLDEST_NODE = [22, 12] as const;

/** Whether a version of Node, such as `v26.1.0`, is new enough. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const detail = isNewEnough ? version : `${version} is too old. Install Node ${OLDEST_NODE.join('.')} or newer.`;
  return { check: 'node', status: isNewEnough ? 'ok' : 'failed', detail };
}
