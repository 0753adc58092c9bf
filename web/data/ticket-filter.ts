/** What a list of tickets can be narrowed to. It stands in the address, so that a list can be kept and sent on. */
const filterNames = [
  'q',
  'team',
  'intent',
  'language',
  'stage',
  'mode',
  'abstained',
  'connector',
  'state',
  // Not in the menu of filters: links of figures set them.
  'receivedAfter',
  'receivedBefore',
  'minConfidence',
  'maxConfidence',
  'correctedFrom',
] as const;
export type FilterName = (typeof filterNames)[number];
export type TicketFilter = { readonly [Name in FilterName]?: string };

/** Reads the filter out of an address, where anything may stand. */
export function parseTicketFilter(search: Readonly<Record<string, unknown>>): TicketFilter {
  return Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = search[name];
      return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
        ? value === ''
          ? []
          : [[name, String(value)]]
        : [];
    }),
  );
}
