import { readdirSync, readFileSync } from 'node:fs';

/**
 * Proportional set size in MB of a process and all that it has started: memory that several processes share counts once
 * in total. `Pss_Anon` leaves out what is mapped from files. Null on systems without /proc.
 */
export function readTreeMemoryMb(pid: number, kind: 'Pss' | 'Pss_Anon' = 'Pss'): number | null {
  try {
    const kilobytes = [pid, ...descendantsOf(pid)].map((id) => {
      const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
      return Number(new RegExp(`^${kind}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0);
    });
    return Math.round(kilobytes.reduce((sum, own) => sum + own, 0) / 1024);
  } catch {
    return null;
  }
}

function descendantsOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}
