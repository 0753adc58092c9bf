// Who may use this server: checks on the address it binds, the Host header and the token of a request.
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { isLoopbackHost } from '../config/check-binding.ts';
import type { ProxyAuth } from './proxy-auth.ts';

export type AccessRules = {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly token: string | null;
  /** A reverse proxy that signs people in; null or missing where there is none. */
  readonly auth?: ProxyAuth | null;
};

/**
 * Protects against DNS rebinding: a page of another site whose host name was made to point to this server. Such a page
 * can only send a name, so an IP address is accepted when the server is bound to more than loopback.
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
 * True for a change that a page of another site sends. A browser lets such a page send requests to any address that it
 * can reach, also to loopback, and marks them in Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/). Programs send
 * no such header.
 */
export function isForeignChange(request: { method: string; fetchSite: string | undefined }): boolean {
  const { method, fetchSite = 'none' } = request;
  return !safeMethods.includes(method) && fetchSite !== 'none' && fetchSite !== 'same-origin';
}

/**
 * Returns `localhost` for `localhost:3000` and `::1` for `[::1]:3000`; null when the header is missing or not a host.
 */
function parseHostName(header: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/@\s[\]]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}

/** Whether nobody is asked who they are. */
export function isUnguarded({ token, auth = null }: AccessRules): boolean {
  return (token === null || token === '') && auth === null;
}

/** The token in an Authorization header; null where there is none. */
export function readBearer(authorization: string | undefined): string | null {
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return given ?? null;
}

export function hasToken(authorization: string | undefined, rules: AccessRules): boolean {
  const given = readBearer(authorization);
  return given !== null && isServerToken(given, rules);
}

/** Whether this is the value of SWITCHBOARD_TOKEN. */
export function isServerToken(given: string, { token }: AccessRules): boolean {
  return token !== null && token !== '' && isSameSecret(given, token);
}

/** Compares hashes, so that the time this takes reveals neither the length nor the content of the secret. */
export function isSameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
