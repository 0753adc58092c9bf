import { expect, test } from 'vitest';
import { ClassifierError, ConnectorError, StoreUnavailableError } from '../errors.ts';
import { createOutageWatch, isOutage } from './outage-watch.ts';

const away = new ClassifierError({ classifier: 'local', retryable: true, unavailable: true, message: 'It restarts.' });

function watchAt(start: string) {
  const clock = { now: new Date(start) };
  const logged: string[] = [];
  const log = (level: string) => (_facts: unknown, message: string) => void logged.push(`${level}: ${message}`);
  const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  const watch = createOutageWatch({ job: 'decide', logger, now: () => clock.now });
  const after = (seconds: number) => {
    clock.now = new Date(clock.now.getTime() + 1_000 * seconds);
    return watch.wait(away).retryInSeconds;
  };
  return { watch, after, logged };
}

test('a job waits for as long as the outage has lasted so far, from one second to one minute', () => {
  const { after } = watchAt('2026-11-22T10:00:00Z');
  expect([after(0), after(1), after(1), after(2), after(26), after(70), after(7_200)]).toEqual([
    1, 1, 2, 4, 30, 60, 60,
  ]);
});

test('an outage is logged when it begins and ends, and the next one starts with a short pause', () => {
  const { watch, after, logged } = watchAt('2026-11-22T10:00:00Z');
  watch.over();
  after(0);
  after(50);
  watch.over();
  watch.over();
  expect(after(500)).toBe(1);
  expect(logged.map((line) => line.slice(0, 5))).toEqual(['warn:', 'info:', 'warn:']);
});

test('an unavailable engine, helpdesk or store is an outage; an error caused by a ticket is not', () => {
  const failed = new ClassifierError({ classifier: 'local', retryable: true, message: 'It crashed on this ticket.' });
  const refused = new ConnectorError({ connector: 'desk', retryable: true, message: 'It refused this ticket.' });
  const gone = new ConnectorError({ connector: 'desk', retryable: true, unavailable: true, message: 'It is away.' });
  const store = new StoreUnavailableError({ message: 'It does not answer.' });
  expect([away, store, gone].map(isOutage)).toEqual([true, true, true]);
  expect([failed, refused, new TypeError('x')].map(isOutage)).toEqual([false, false, false]);
});

test('a helpdesk that asks for a longer pause gets it', () => {
  const { watch } = watchAt('2026-11-22T10:00:00Z');
  const asks = { connector: 'desk', retryable: true, unavailable: true, message: 'It is busy.' };
  expect(watch.wait(new ConnectorError({ ...asks, retryInMs: 90_500 })).retryInSeconds).toBe(91);
  expect(watch.wait(new ConnectorError(asks)).retryInSeconds).toBe(1);
});
