import { dirname } from 'node:path';
import { makePrivateFolder, replacePrivateFile } from './private-files.ts';

/**
 * Writes a temporary file and renames it, so that a reader never sees a partial file. Returns false when it cannot be
 * written: the caller's cache is then just computed again at the next start.
 */
export async function writeAtomically(file: string, bytes: ArrayBuffer): Promise<boolean> {
  try {
    await makePrivateFolder(dirname(file));
    await replacePrivateFile(file, new Uint8Array(bytes));
    return true;
  } catch {
    return false;
  }
}
