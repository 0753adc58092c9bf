/** The spelling of a field in variables: `DEADLINE_MS` for `deadlineMs`, `ROUTING_ACCURACY` for `routing-accuracy`. */
export function variableName(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}
