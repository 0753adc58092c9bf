import type { Mode } from './decision.ts';

/**
 * The mode that a connector has for an intent. Of several patterns the most specific wins: the intent itself, then its
 * nearest parent (`account-management/*` or `account-management`), then `*`, then the connector's own mode. Pass null
 * when the classifier abstained: a guess must not be written because its intent is trusted.
 */
export function resolveMode(options: {
  connector: { readonly mode: Mode; readonly modes: Readonly<Record<string, Mode>> };
  intent: string | null;
}): Mode {
  const { connector, intent } = options;
  if (intent === null) return connector.mode;
  for (let path = intent; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    // `a/*` speaks of what lies below `a`, so not of `a` itself.
    const keys = path === intent ? [path] : [`${path}/*`, path];
    for (const key of keys) if (Object.hasOwn(connector.modes, key)) return connector.modes[key] ?? connector.mode;
  }
  return connector.modes['*'] ?? connector.mode;
}
