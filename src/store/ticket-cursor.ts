import { InputError } from '../errors.ts';

/** Where a page of tickets ends. `receivedMicros`, in microseconds since 1970, is null where the list goes by position. */
export type ListPlace = { readonly position: number; readonly receivedMicros: string | null };

export function formatCursor({ position, receivedMicros }: ListPlace): string {
  const place = receivedMicros === null ? `p${position}` : `p${position}t${receivedMicros}`;
  return Buffer.from(place).toString('base64url');
}

/** Throws InputError when the cursor is not one of ours. */
export function parseCursor(cursor: string): ListPlace {
  const match = /^p(\d{1,15})(?:t(-?\d{1,17}))?$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match?.[1] === undefined) {
    throw new InputError({
      message: 'The cursor is not one that came with a page of tickets. Leave it out to start with the newest.',
      issues: [{ path: 'cursor', message: 'unknown cursor' }],
    });
  }
  return { position: Number(match[1]), receivedMicros: match[2] ?? null };
}
