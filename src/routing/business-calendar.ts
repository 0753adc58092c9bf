import { type CalendarSettings, weekOf } from './calendar-settings.ts';
import type { FindHolidays, Span } from './holidays.ts';

/** Ten years. A target that is not reached by then is refused when the configuration is read. */
const MAX_DAYS = 3_660;

export type BusinessCalendar = {
  /**
   * The moment at which `ms` milliseconds of open time have passed since `start`. Null when there are not as many in the
   * ten years after it.
   */
  addOpenTime(start: Date, ms: number): Date | null;
};

/** Builds a calendar from its settings. `findHolidays` is null for a calendar without public holidays. */
export function createCalendar(settings: CalendarSettings, findHolidays: FindHolidays | null): BusinessCalendar {
  const { timeZone } = settings;
  const week = weekOf(settings.hours);
  const closed = new Set(settings.closed);
  const holidays = new Map<number, readonly Span[]>();
  const holidaysOf = (year: number): readonly Span[] => {
    const known = holidays.get(year) ?? findHolidays?.(year) ?? [];
    holidays.set(year, known);
    return known;
  };

  /** The open spans of a day, in order. */
  const spansOf = (day: Temporal.PlainDate): Span[] => {
    if (closed.has(day.toString())) return [];
    const open = (week[day.dayOfWeek - 1] ?? []).map(({ from, to }) => ({
      from: momentOf({ day, minutes: from, timeZone }),
      to: momentOf({ day, minutes: to, timeZone }),
    }));
    return open.length === 0 ? [] : withoutSpans(open, holidaysOf(day.year));
  };

  return {
    addOpenTime(start, ms) {
      let left = ms;
      let day = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
      for (let passed = 0; passed < MAX_DAYS; passed++) {
        for (const { from, to } of spansOf(day)) {
          const begin = Math.max(from, start.getTime());
          if (begin >= to) continue;
          if (left <= to - begin) return new Date(begin + left);
          left -= to - begin;
        }
        day = day.add({ days: 1 });
      }
      return null;
    },
  };
}

/** A time that a change of the clocks leaves out or repeats is the later one of the two, and the earlier one. */
function momentOf(options: { day: Temporal.PlainDate; minutes: number; timeZone: string }): number {
  const { day, minutes, timeZone } = options;
  const midnight = day.toPlainDateTime();
  return midnight.add({ minutes }).toZonedDateTime(timeZone).epochMilliseconds;
}

/** What of the spans lies outside the others. */
function withoutSpans(spans: readonly Span[], others: readonly Span[]): Span[] {
  let rest = [...spans];
  for (const { from, to } of others) {
    rest = rest.flatMap((span) => {
      const before = { from: span.from, to: Math.min(span.to, from) };
      const after = { from: Math.max(span.from, to), to: span.to };
      return [before, after].filter((part) => part.from < part.to);
    });
  }
  return rest;
}

/** Whole periods of a week in milliseconds, for messages. */
export function weeklyMs(settings: CalendarSettings): number {
  return weekOf(settings.hours)
    .flat()
    .reduce((sum, { from, to }) => sum + (to - from) * 60_000, 0);
}
