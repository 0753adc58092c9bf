import { ConfigurationError } from '../errors.ts';

/** In milliseconds since 1970; `to` is exclusive. */
export type Span = { readonly from: number; readonly to: number };

/** Returns the public holidays of a year, which may begin or end within a day. */
export type FindHolidays = (year: number) => readonly Span[];

/**
 * Finds the public holidays of a country or region by its ISO code (`DE`, `DE-BY`), in a time zone. Throws
 * ConfigurationError for a code that the library does not know.
 */
export async function loadHolidays(options: {
  readonly code: string;
  readonly timeZone: string;
  readonly place: { readonly file: string; readonly line: number | null };
}): Promise<FindHolidays> {
  const { code, timeZone, place } = options;
  // Loaded here, because few configurations need it and it takes some 20 MB.
  const { default: Holidays } = await import('date-holidays');
  const [country = '', state, region] = code.toUpperCase().split('-');
  const found = new Holidays(country, state ?? '', region ?? '');
  const known = new Holidays();
  const refuse = (message: string, choices: Readonly<Record<string, string>>) => {
    const names = Object.keys(choices);
    return new ConfigurationError([{ ...place, message, cure: `Use one of: ${names.join(', ')}.` }]);
  };
  const countries = known.getCountries('en');
  if (!Object.hasOwn(countries, country)) throw refuse(`no public holidays are known of "${country}"`, countries);
  if (state !== undefined) {
    const states = known.getStates(country, 'en') ?? {};
    if (!Object.hasOwn(states, state)) throw refuse(`no public holidays are known of "${country}-${state}"`, states);
    const regions = known.getRegions(country, state, 'en') ?? {};
    if (region !== undefined && !Object.hasOwn(regions, region)) {
      throw refuse(`no public holidays are known of "${country}-${state}-${region}"`, regions);
    }
  }
  found.setTimezone(timeZone);
  return (year) =>
    found
      .getHolidays(year)
      .filter(({ type }) => type === 'public')
      .map(({ start, end }) => ({ from: start.getTime(), to: end.getTime() }));
}
