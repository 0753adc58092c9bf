import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

const EVERY_MS = 20_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const notify of listeners) notify();
  }, EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
/** Older moments are shown as a date. */
const OLDEST_DAYS = 7;

/** How long ago a moment was, in a few letters: `2 min. ago`, `14 Nov`. The whole moment is its tooltip. */
export function Ago({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const current = useSyncExternalStore(subscribe, () => now);
  const moment = new Date(at);
  return (
    <time dateTime={at} title={moment.toLocaleString(i18n.language)}>
      {formatAgo({ moment, now: Math.max(current, now), language: i18n.language })}
    </time>
  );
}

export function formatAgo(options: { moment: Date; now: number; language: string }): string {
  const { moment, now: current, language } = options;
  const seconds = Math.max(0, (current - moment.getTime()) / 1_000);
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
  if (seconds >= OLDEST_DAYS * 86_400) {
    const isThisYear = moment.getFullYear() === new Date(current).getFullYear();
    return moment.toLocaleDateString(language, {
      day: 'numeric',
      month: 'short',
      ...(!isThisYear && { year: 'numeric' }),
    });
  }
  const format = new Intl.RelativeTimeFormat(language, { style: 'short', numeric: 'auto' });
  // Seconds change faster than anybody reads them.
  return unit === 'second' ? format.format(0, 'second') : format.format(-Math.floor(seconds / size), unit);
}
