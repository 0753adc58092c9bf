/** Where to go after signing in: `next` if it is an address of this server, else the start. A link must not lead elsewhere. */
export function nextAddress(next: unknown): string {
  const isOurs =
    typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !/^\/(?:sign-in|invitation)\b/.test(next);
  return isOurs ? next : '/';
}
