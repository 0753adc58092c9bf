// How a browser stays signed in: a cookie has a session id.
import type { FastifyRequest } from 'fastify';
import { SESSION_SECONDS } from './sessions.ts';

export const SIGN_IN_PATH = '/sign-in';
const COOKIE = 'switchboard_session';

/** True for a browser that opens a page, false for a program that calls the API. */
export function wantsPage({ method, accept }: { method: string; accept: string | undefined }): boolean {
  return (method === 'GET' || method === 'HEAD') && /\btext\/html\b/.test(accept ?? '');
}

/** Returns the session id in a Cookie header; null when there is none. */
export function readSessionCookie(cookieHeader: string | undefined): string | null {
  const [, id] = new RegExp(`(?:^|;) *${COOKIE}=([^;\\s]*)`).exec(cookieHeader ?? '') ?? [];
  return id ?? null;
}

/** Reads X-Forwarded-Proto from anybody: a client that invents it only adds `Secure` to its own cookie. */
export function isHttps({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || headers['x-forwarded-proto'] === 'https';
}

/** The Set-Cookie header that starts a session. Scripts cannot read the cookie, and other sites cannot send it. */
export function formatSessionCookie(options: { sessionId: string; isHttps: boolean }): string {
  return formatCookie({ value: options.sessionId, seconds: SESSION_SECONDS, isHttps: options.isHttps });
}

/** The Set-Cookie header that makes the browser forget its session. */
export function formatEndedCookie(options: { isHttps: boolean }): string {
  return formatCookie({ value: '', seconds: 0, isHttps: options.isHttps });
}

function formatCookie({ value, seconds, isHttps }: { value: string; seconds: number; isHttps: boolean }): string {
  const attributes = ['Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict', ...(isHttps ? ['Secure'] : [])];
  return [`${COOKIE}=${value}`, ...attributes].join('; ');
}

/**
 * Where to go after signing in: `next` if it is a path of this server, else `/`. A link must not lead to another site.
 */
export function safePath(next: string | null): string {
  const isOurs = next !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !/^\/sign-in\b/.test(next);
  return isOurs ? next : '/';
}

/** The path of the sign-in page, which leads on to `next` after signing in. */
export function signInUrl(next: string): string {
  const path = safePath(next);
  return path === '/' ? SIGN_IN_PATH : `${SIGN_IN_PATH}?next=${encodeURIComponent(path)}`;
}
