import { InputError } from '../errors.ts';

/** Parses the body of a webhook. Throws InputError when it is not JSON in UTF-8; `cure` says what to do. */
export function parseJsonBody(body: Buffer, cure = ''): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new InputError({ message: `The body is not JSON in UTF-8. ${cure}`.trimEnd(), cause });
  }
}
