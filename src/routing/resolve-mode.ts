import type { Mode } from './decision.ts';

/**
 * Returns the mode of a connector for an intent. The most specific pattern wins: the intent itself, then its nearest
 * parent (`account-management/*` or `account-management`), then `*`, then the connector's own mode. Pass null when the
 * classifier abstained: a mere guess must not get the mode of a trusted intent.
 */
export function resolveMode(options: {
  connector: { readonly mode: Mode; readonly modes: Readonly<Record<string, Mode>> };
  intent: string | null;
}): Mode {
  const { connector, intent } = options;
  if (intent === null) return connector.mode;
  for (let path = intent; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    // `a/*` covers what is below `a`, but not `a` itself.
    const keys = path === intent ? [path] : [`${path}/*`, path];
    for (const key of keys) if (Object.hasOwn(connector.modes, key)) return connector.modes[key] ?? connector.mode;
  }
  return connector.modes['*'] ?? connector.mode;
}
