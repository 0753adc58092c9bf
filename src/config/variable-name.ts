/** A field as variables spell it: `deadlineMs` to `DEADLINE_MS`, `routing-accuracy` to `ROUTING_ACCURACY`. */
export function variableName(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}
