import { statfs } from 'node:fs/promises';
import { StoreUnavailableError } from '../errors.ts';

/**
 * When PGlite has no room for its next log segment (16 MB), PostgreSQL panics and the server ends. So we stop writing while
 * there is still room for a few segments: measured on a full tmpfs, 15 MB left were too few.
 */
export const LEAST_FREE_BYTES = 64 * 1024 ** 2;
/** A new store takes 40 MB. */
export const LEAST_FREE_BYTES_FOR_NEW = 128 * 1024 ** 2;
const LOOK_AGAIN_MS = 250;

export type FreeBytes = (folder: string) => Promise<number>;

/** Bytes that this account may still write to the disk of the folder; unlimited where the system does not say. */
export const freeBytesOf: FreeBytes = async (folder) => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
};

/**
 * Throws StoreUnavailableError when the disk is nearly full, or would be after writing `extraBytes` more. It checks the
 * disk at most four times a second.
 */
export type AssertRoom = (extraBytes?: number) => Promise<void>;

export function createRoomCheck(options: {
  folder: string;
  leastBytes: number;
  freeBytes: FreeBytes;
  now?: () => number;
}): AssertRoom {
  const { folder, leastBytes, freeBytes, now = () => performance.now() } = options;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let free: Promise<number> = Promise.resolve(0);
  return async (extraBytes = 0) => {
    const neededBytes = leastBytes + extraBytes;
    if (now() - lookedAt >= LOOK_AGAIN_MS) {
      lookedAt = now();
      free = freeBytes(folder);
    }
    const left = await free;
    if (left >= neededBytes) return;
    const megabytes = (bytes: number) => Math.floor(bytes / 1024 ** 2);
    throw new StoreUnavailableError({
      message: `The disk of ${folder} is full: ${megabytes(left)} MB are left and the embedded store needs ${megabytes(neededBytes)}. Make room; nothing that was accepted is lost.`,
    });
  };
}
