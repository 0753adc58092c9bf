import { hash } from 'node:crypto';

/** SHA-256 in hex: 64 characters. */
export function sha256(content: string | NodeJS.ArrayBufferView): string {
  return hash('sha256', content, 'hex');
}

/** A short name for a version of some content: the first `length` characters of the SHA-256 of its JSON. */
export function versionOf(content: unknown, length = 12): string {
  return sha256(JSON.stringify(content)).slice(0, length);
}
