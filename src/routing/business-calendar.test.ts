import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCalendar } from './business-calendar.ts';
import { calendarSchema } from './calendar-settings.ts';
import { loadHolidays } from './holidays.ts';

const HOUR = 3_600_000;
const place = { file: 'switchboard.yaml', line: 3 };
const berlin = { timeZone: 'Europe/Berlin', hours: { 'mon-fri': '09:00-17:00', sat: ['10:00-12:00', '11:00-13:00'] } };
const calendarOf = (settings: unknown = berlin) => createCalendar(calendarSchema.parse(settings), null);
const due = (start: string, hours: number, calendar = calendarOf()) =>
  calendar.addOpenTime(new Date(start), hours * HOUR)?.toISOString() ?? null;

test.each([
  // Friday 27 November 2026; Berlin is one hour ahead of UTC in winter.
  ['within a day', '2026-11-27T09:00:00Z', 4, '2026-11-27T13:00:00.000Z'],
  ['before the opening', '2026-11-27T03:00:00Z', 1, '2026-11-27T09:00:00.000Z'],
  ['to the closing', '2026-11-27T08:00:00Z', 8, '2026-11-27T16:00:00.000Z'],
  ['into Saturday, whose two periods overlap', '2026-11-27T15:00:00Z', 3.5, '2026-11-28T11:30:00.000Z'],
  ['over Sunday', '2026-11-27T15:00:00Z', 5, '2026-11-30T09:00:00.000Z'],
  ['from the night', '2026-11-28T23:00:00Z', 1, '2026-11-30T09:00:00.000Z'],
  ['no time at all', '2026-11-29T10:00:00Z', 0, '2026-11-30T08:00:00.000Z'],
])('time passes %s', (_, start, hours, expected) => {
  expect(due(start, hours)).toBe(expected);
});

test('hours follow the clock on the wall when clocks change', () => {
  // On 25 October 2026, a Sunday, clocks went back.
  expect(due('2026-10-23T14:00:00Z', 3, calendarOf({ ...berlin, hours: { 'mon-fri': '09:00-17:00' } }))).toBe(
    '2026-10-26T10:00:00.000Z',
  );
  // A period across the change has the hour that the day has more.
  const night = calendarOf({ timeZone: 'Europe/Berlin', hours: { sun: '00:00-06:00' } });
  expect(due('2026-10-24T12:00:00Z', 7, night)).toBe('2026-10-25T05:00:00.000Z');
});

test('days that are closed, and public holidays, do not count', async () => {
  const findHolidays = await loadHolidays({ code: 'de-by', timeZone: 'Europe/Berlin', place });
  const settings = { ...berlin, hours: { 'mon-fri': '09:00-17:00' }, holidays: 'DE-BY', closed: ['2026-12-24'] };
  const calendar = createCalendar(calendarSchema.parse(settings), findHolidays);
  // Wednesday; Thursday is closed, Friday is Christmas, and Monday opens at nine.
  expect(due('2026-12-23T15:00:00Z', 2, calendar)).toBe('2026-12-28T09:00:00.000Z');
  // Epiphany is a holiday in Bavaria.
  expect(due('2026-01-05T15:00:00Z', 2, calendar)).toBe('2026-01-07T09:00:00.000Z');
});

test.each([
  ['XX', 'no public holidays are known of "XX"'],
  ['DE-XX', 'no public holidays are known of "DE-XX"'],
  ['DE-BY-XX', 'no public holidays are known of "DE-BY-XX"'],
])('the code %s is refused with those that exist', async (code, message) => {
  const loading = loadHolidays({ code, timeZone: 'UTC', place });
  await expect(loading).rejects.toMatchObject({ problems: [{ ...place, message, cure: /^Use one of: / }] });
});

test('a calendar in which the time never passes has no due date', () => {
  expect(
    due('2026-11-27T09:00:00Z', 10_000, calendarOf({ timeZone: 'UTC', hours: { sun: '10:00-10:15' } })),
  ).toBeNull();
});

test('open time is never longer than what passes around the clock, and later starts are never due earlier', () => {
  const calendar = calendarOf();
  const moment = fc.integer({ min: 0, max: 20_000 }).map((hours) => Date.UTC(2026, 0, 1) + hours * HOUR);
  fc.assert(
    fc.property(
      moment,
      fc.integer({ min: 0, max: 200 * HOUR }),
      fc.integer({ min: 0, max: 100 * HOUR }),
      (at, ms, gap) => {
        const first = calendar.addOpenTime(new Date(at), ms)?.getTime() ?? 0;
        const later = calendar.addOpenTime(new Date(at + gap), ms)?.getTime() ?? 0;
        expect(first).toBeGreaterThanOrEqual(at + ms);
        expect(later).toBeGreaterThanOrEqual(first);
      },
    ),
    { numRuns: 200 },
  );
});

test.each([
  [{ ...berlin, timeZone: 'Berlin' }, /no time zone has this name/],
  [{ ...berlin, hours: {} }, /there are no hours/],
  [{ ...berlin, hours: { mon: '17:00-09:00' } }, /a period within one day/],
  [{ ...berlin, hours: { mon: '09:00-24:30' } }, /a period within one day/],
  [{ ...berlin, hours: { mon: '09:75-10:00' } }, /a period within one day/],
  [{ ...berlin, hours: { monday: '09:00-17:00' } }, /a day or days in a row, such as mon or mon-fri/],
  [{ ...berlin, closed: ['24.12.2026'] }, /ISO date|date/i],
  [{ ...berlin, holidays: 'Germany' }, /by its ISO code/],
])('%j is refused', (settings, message) => {
  expect(JSON.stringify(calendarSchema.safeParse(settings).error?.issues)).toMatch(message);
});

test('days in a row pass the end of the week', () => {
  const weekend = calendarOf({ timeZone: 'UTC', hours: { 'sat-mon': '00:00-24:00' } });
  expect(due('2026-11-27T12:00:00Z', 72, weekend)).toBe('2026-12-01T00:00:00.000Z');
});
