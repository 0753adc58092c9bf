// How a browser signs in: a form asks for the token, or for user and password, once; then a cookie has a session id.
import type { FastifyRequest } from 'fastify';
import { SESSION_SECONDS } from './sessions.ts';

export const SIGN_IN_PATH = '/sign-in';
export const SIGN_OUT_PATH = '/sign-out';
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
  const isOurs = next !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !/^\/sign-(?:in|out)\b/.test(next);
  return isOurs ? next : '/';
}

/** The path of the sign-in page, which leads on to `next` after signing in. */
export function signInUrl(next: string): string {
  const path = safePath(next);
  return path === '/' ? SIGN_IN_PATH : `${SIGN_IN_PATH}?next=${encodeURIComponent(path)}`;
}

/** The HTML of the page that asks for a token, or user and password. `isRefused` adds that they were wrong. */
export function formatSignInPage({ next, isRefused }: { next: string; isRefused: boolean }): string {
  const refusal = isRefused
    ? '<p role="alert"><strong>This is not the token of this server, or not the password of this user. Check it and try again.</strong></p>'
    : '';
  return formatPage({
    title: 'Sign in to Switchboard',
    main: `${refusal}
<form method="post" action="${SIGN_IN_PATH}">
  <input type="hidden" name="next" value="${escapeHtml(safePath(next))}">
  <label for="user">User</label>
  <input id="user" name="user" autocomplete="username" autofocus>
  <label for="password">Password</label>
  <input id="password" name="password" type="password" autocomplete="current-password">
  <p>or</p>
  <label for="token">The token of this server (the value of SWITCHBOARD_TOKEN), or of an integration</label>
  <input id="token" name="token" type="password" autocomplete="off">
  <button>Sign in</button>
</form>`,
  });
}

/** The HTML of the sign-in page for somebody who is signed in already. */
export function formatSignedInPage(): string {
  return formatPage({
    title: 'Signed in to Switchboard',
    main: `<p>You are signed in. <a href="/docs">Open the documentation of the API</a>.</p>
<form method="post" action="${SIGN_OUT_PATH}">
  <button>Sign out</button>
</form>`,
  });
}

function formatPage({ title, main }: { title: string; main: string }): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 15vh auto; padding: 0 1rem; }
  label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; margin-block: .5rem; }
  input, button { padding: .5rem; }
</style>
<main>
<h1>Switchboard</h1>
${main}
</main>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
