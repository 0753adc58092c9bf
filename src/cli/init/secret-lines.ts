/** Values of environment variables, by name. */
export type Variables = Readonly<Record<string, string>>;

/** Lines for a shell: `export NAME=value`. */
export function exportLines(variables: Variables): string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`);
}

/**
 * Puts variables into a file that a shell, systemd and Docker read in the same way; `before` is its content so far. Other
 * lines stay.
 */
export function withVariables(before: string | null, variables: Variables): string {
  const isReplaced = (line: string) => Object.keys(variables).some((name) => line.startsWith(`${name}=`));
  const kept = (before ?? '# Secrets of Switchboard: never commit this file.\n')
    .split('\n')
    .filter((line) => !isReplaced(line));
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}`);
  return `${[...kept.join('\n').trimEnd().split('\n'), ...lines].join('\n')}\n`;
}

/** Most keys and tokens need no quotes, which Docker would take for a part of the value. */
function quote(value: string): string {
  return /^[\w./:@%+,=-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
