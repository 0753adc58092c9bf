import { formatAge } from '../base/duration.ts';

/** `2,300 tickets waiting, the oldest for 31 s`. Tickets wait until they are decided. */
export function describeWaiting({ waiting, oldestSeconds }: { waiting: number; oldestSeconds: number | null }): string {
  const tickets = `${waiting.toLocaleString('en-US')} ${waiting === 1 ? 'ticket' : 'tickets'} waiting`;
  return waiting === 0 || oldestSeconds === null ? tickets : `${tickets}, the oldest for ${formatAge(oldestSeconds)}`;
}
