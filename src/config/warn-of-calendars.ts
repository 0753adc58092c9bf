import type { Problem } from '../errors.ts';
import { weeklyMs } from '../routing/business-calendar.ts';
import type { LoadedConfig } from './config-schema.ts';
import { placeOf } from './place-of.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const targets = { firstResponse: 'first response', resolution: 'resolution' } as const;

/** Warns of targets in whole days that count in business hours: `2d` is 48 open hours, which few people mean. */
export function warnOfCalendars(config: LoadedConfig): Problem[] {
  const { slas, calendars } = config.settings;
  return Object.entries(slas).flatMap(([name, sla]) => {
    const calendar = sla.calendar === undefined ? undefined : calendars[sla.calendar];
    if (calendar === undefined) return [];
    const week = weeklyMs(calendar);
    return (Object.keys(targets) as (keyof typeof targets)[]).flatMap((target): Problem[] => {
      const ms = sla[target] ?? 0;
      if (ms === 0 || ms % DAY_MS !== 0 || week >= 5 * DAY_MS) return [];
      const weeks = Math.round((ms / week) * 10) / 10;
      return [
        {
          ...placeOf(config, ['slas', name, target]),
          message: `the ${targets[target]} of "${name}" is due after ${ms / HOUR_MS} open hours, which are ${weeks} weeks of the calendar "${sla.calendar}"`,
          cure: 'In a calendar, days count as 24 open hours. Write hours: 16h for two days of eight hours.',
        },
      ];
    });
  });
}
