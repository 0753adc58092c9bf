import type { Finding } from './finding.ts';

/** package.json `engines`. */
const OLDEST_NODE = [22, 12] as const;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const detail = isNewEnough ? version : `${version} is too old; install ${OLDEST_NODE.join('.')} or newer`;
  return { check: 'node', status: isNewEnough ? 'ok' : 'failed', detail };
}
