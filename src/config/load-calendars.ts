import { ConfigurationError, type Problem } from '../errors.ts';
import { type BusinessCalendar, createCalendar } from '../routing/business-calendar.ts';
import { loadHolidays } from '../routing/holidays.ts';
import type { LoadedConfig } from './config-schema.ts';
import { placeOf } from './place-of.ts';

/** Builds the calendars of a configuration, by name, and finds every problem of them. */
export async function loadCalendars(
  config: LoadedConfig,
): Promise<{ calendars: ReadonlyMap<string, BusinessCalendar>; problems: readonly Problem[] }> {
  const { calendars, slas } = config.settings;
  const loaded = new Map<string, BusinessCalendar>();
  const problems: Problem[] = [];
  for (const [name, settings] of Object.entries(calendars)) {
    const { holidays: code, timeZone } = settings;
    const place = placeOf(config, ['calendars', name, 'holidays']);
    try {
      const holidays = code === undefined ? null : await loadHolidays({ code, timeZone, place });
      loaded.set(name, createCalendar(settings, holidays));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
    }
  }
  for (const [name, { calendar, firstResponse = 0, resolution = 0 }] of Object.entries(slas)) {
    const hours = calendar === undefined ? undefined : loaded.get(calendar);
    if (hours === undefined || hours.addOpenTime(new Date(), Math.max(firstResponse, resolution)) !== null) continue;
    problems.push({
      ...placeOf(config, ['slas', name]),
      message: `the target of slas.${name} is not reached within ten years of the hours of the calendar "${calendar}"`,
      cure: 'Write a shorter time, or more hours.',
    });
  }
  return { calendars: loaded, problems };
}
