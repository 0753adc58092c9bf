// Who may talk to this server: the address it binds, the Host header it answers to, the token it asks for.
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { isLoopbackHost } from '../config/check-binding.ts';

export type AccessRules = {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly token: string | null;
};

/** Reachable without a token. Webhooks carry their helpdesk's signature instead; the form of /sign-in carries the token. */
const openPaths = /^\/(?:healthz|readyz|webhooks\/[^?]*|sign-in|sign-out)(?:\?|$)/;

/**
 * Keeps out pages of other sites whose name was made to point here (DNS rebinding). They can only send a name, so an
 * IP address is fine wherever the server is meant to be reached from elsewhere.
 */
export function isHostAllowed(hostHeader: string | undefined, rules: AccessRules): boolean {
  const name = parseHostName(hostHeader);
  if (name === null) return false;
  if (isLoopbackHost(name)) return true;
  if ([rules.host, ...rules.allowedHosts].some((allowed) => allowed.toLowerCase() === name)) return true;
  return !isLoopbackHost(rules.host) && (isIP(name) !== 0 || name === hostname().toLowerCase());
}

const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * A page of another site may send a request that needs no body to any address that the browser reaches, loopback too.
 * Browsers say so (https://www.w3.org/TR/fetch-metadata/); programs send no such header.
 */
export function isForeignChange(request: { method: string; fetchSite: string | undefined }): boolean {
  const { method, fetchSite = 'none' } = request;
  return !safeMethods.includes(method) && fetchSite !== 'none' && fetchSite !== 'same-origin';
}

/** `localhost` for `localhost:3000`, `::1` for `[::1]:3000`; null for what is no host at all. */
function parseHostName(header: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/@\s[\]]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}

export function needsToken(url: string, rules: AccessRules): boolean {
  return rules.token !== null && rules.token !== '' && !openPaths.test(url);
}

export function hasToken(authorization: string | undefined, rules: AccessRules): boolean {
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (given === undefined || rules.token === null) return false;
  return isSameSecret(given, rules.token);
}

/** Compares hashes, so that neither length nor content of the secret shows in the time it takes. */
export function isSameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
