import { z } from 'zod';
import { oneOrMany } from '../base/one-or-many.ts';

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAY_MINUTES = 24 * 60;

/** A part of a day in minutes after midnight, by the clock on the wall; `to` is exclusive. */
export type OpenPeriod = { readonly from: number; readonly to: number };

const periodSchema = z
  .string()
  .regex(/^\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}$/, 'a period such as 09:00-17:30')
  .transform((text): OpenPeriod => {
    const [from = 0, to = 0] = text.split('-').map((time) => {
      const [hours = 0, minutes = 0] = time.split(':').map(Number);
      return minutes < 60 ? hours * 60 + minutes : Number.NaN;
    });
    return { from, to };
  })
  .refine(
    ({ from, to }) => from < to && to <= DAY_MINUTES,
    'a period within one day, such as 09:00-17:30 or 18:00-24:00',
  );

const daysPattern = new RegExp(`^(?:${dayNames.join('|')})(?:-(?:${dayNames.join('|')}))?$`);

/** Business hours, in which the targets of an SLA count. */
export const calendarSchema = z.strictObject({
  timeZone: z
    .string()
    .refine(isTimeZone, 'no time zone has this name. Write one such as Europe/Berlin or UTC')
    .describe('Time zone of the hours, for example Europe/Berlin.'),
  hours: z
    .record(
      z.string().regex(daysPattern, `a day or days in a row, such as mon or mon-fri (${dayNames.join(', ')})`),
      oneOrMany(periodSchema),
    )
    .refine((hours) => Object.keys(hours).length > 0, 'there are no hours, so no target would ever be due')
    .describe('Open periods by day: { mon-thu: 09:00-17:00, fri: [09:00-12:00, 13:00-15:00] }.'),
  holidays: z
    .string()
    .regex(/^[A-Za-z]{2}(?:-[A-Za-z0-9]+)*$/, 'a country or region by its ISO code, such as DE or DE-BY')
    .optional()
    .describe('Public holidays of this country or region are closed: its ISO code, for example DE or DE-BY.'),
  closed: z.array(z.iso.date()).default([]).describe('Further days that are closed, for example 2026-12-24.'),
});
export type CalendarSettings = z.infer<typeof calendarSchema>;

/** The open periods of each day of the week, Monday first, in order and without overlaps. */
export function weekOf(hours: CalendarSettings['hours']): OpenPeriod[][] {
  const week: OpenPeriod[][] = dayNames.map(() => []);
  for (const [days, periods] of Object.entries(hours)) {
    const [first, last = first] = days.split('-').map((day) => (dayNames as readonly string[]).indexOf(day));
    if (first === undefined || last === undefined) continue;
    // `sat-mon` passes the end of the week.
    const length = ((last - first + dayNames.length) % dayNames.length) + 1;
    for (let day = 0; day < length; day++) week[(first + day) % dayNames.length]?.push(...periods);
  }
  return week.map(joinPeriods);
}

function joinPeriods(periods: readonly OpenPeriod[]): OpenPeriod[] {
  const joined: OpenPeriod[] = [];
  for (const period of periods.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && period.from <= last.to) {
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, period.to) };
    } else joined.push(period);
  }
  return joined;
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
