import type { FileHandle } from 'node:fs/promises';
import { codeOf } from '../../base/safe-error.ts';
import type { Signal } from '../connector.ts';
import type { FolderFormat } from './definition.ts';
import type { FileProgress, FolderCursor } from './folder-cursor.ts';
import type { ParsedRecord } from './parse-record.ts';
import { parseRecords } from './parse-records.ts';
import { openToRead, type WatchedFile } from './watched-files.ts';

/** How many faults of a file are kept: a wrong export has the same in every line. */
const MAX_FAULTS = 50;
const MAX_FAULT_LENGTH = 400;

/** How much more a page may take. */
export type Room = { signals: number; bytes: number; faults: number };

export const isFull = ({ signals, bytes, faults }: Room): boolean => signals <= 0 || bytes <= 0 || faults <= 0;

export type Part = {
  readonly signals: readonly Signal[];
  readonly progress: FileProgress;
  /** Where the next part starts; null when the file was read to its end. */
  readonly next: { readonly offset: number; readonly line: number } | null;
};

/**
 * Reads the tickets of a file from where a page before has stopped, as many as there is room for, and lessens the room. What
 * cannot be read is part of the progress. Rejects when the signal aborts, or the medium fails.
 */
export async function readPart(options: {
  readonly file: WatchedFile;
  readonly format: FolderFormat;
  readonly from: FolderCursor['open'];
  readonly room: Room;
  readonly now: Date;
  readonly signal: AbortSignal;
}): Promise<Part> {
  const { file, format, from, room, now, signal } = options;
  const collected = collect({ file, from, room });
  const refuse = (message: string, cure: string) => {
    collected.add({ fault: { message, cure } }, null);
    return collected.end(null);
  };
  if (file.fault !== null) return refuse(file.fault, 'Put a plain file into the folder.');
  let handle: FileHandle;
  try {
    handle = await openToRead(file.path);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (!['EACCES', 'EPERM', 'ELOOP'].includes(code)) throw error;
    return refuse(`it cannot be read (${code})`, 'Let the account that runs Switchboard read it.');
  }
  await using opened = handle;
  for await (const { start, end, line, parsed } of parseRecords(opened, { format, from, now })) {
    signal.throwIfAborted();
    if (line !== null && isFull(room)) return collected.end({ offset: start, line });
    room.bytes -= end - start;
    collected.add(parsed, line);
  }
  return collected.end(null);
}

/** Gathers tickets and faults. */
function collect({ file, from, room }: { file: WatchedFile; from: FolderCursor['open']; room: Room }) {
  const { name, version } = file;
  const changedAt = file.changedAt.toISOString();
  const signals: Signal[] = [];
  const faults = [...(from?.faults ?? [])];
  let records = from?.records ?? 0;
  let faulty = from?.faulty ?? 0;
  return {
    add(parsed: ParsedRecord, line: number | null) {
      records += 1;
      if ('signal' in parsed) {
        room.signals -= 1;
        signals.push({ ...parsed.signal, changedAt });
        return;
      }
      faulty += 1;
      if (faults.length >= MAX_FAULTS) return;
      room.faults -= 1;
      const { message, cure } = parsed.fault;
      faults.push({ line, message: message.slice(0, MAX_FAULT_LENGTH), cure: cure.slice(0, MAX_FAULT_LENGTH) });
    },
    end: (next: Part['next']): Part => ({ signals, progress: { name, version, records, faulty, faults }, next }),
  };
}
