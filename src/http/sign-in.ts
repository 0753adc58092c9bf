// How a browser gets in where a token is asked for: a form that takes the token once, and a cookie that stands for it.
import { sha256 } from '../base/hash.ts';
import { type AccessRules, isSameSecret } from './access.ts';

export const SIGN_IN_PATH = '/sign-in';
const COOKIE = 'switchboard_session';
const SESSION_SECONDS = 30 * 24 * 3_600;

/** A browser that opens a page, not a program that calls the API. */
export function wantsPage({ method, accept }: { method: string; accept: string | undefined }): boolean {
  return (method === 'GET' || method === 'HEAD') && /\btext\/html\b/.test(accept ?? '');
}

/** Whether the request carries the cookie of somebody who has typed the token in. */
export function hasSignedIn(cookieHeader: string | undefined, { token }: AccessRules): boolean {
  if (token === null) return false;
  const [, given] = new RegExp(`(?:^|;) *${COOKIE}=([0-9a-f]+)`).exec(cookieHeader ?? '') ?? [];
  return given !== undefined && isSameSecret(given, sessionOf(token));
}

/** The cookie of whoever has typed the token in. Scripts cannot read it, and other sites cannot send it. */
export function formatSessionCookie({ token, isHttps }: { token: string; isHttps: boolean }): string {
  const attributes = [
    'Path=/',
    `Max-Age=${SESSION_SECONDS}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isHttps ? ['Secure'] : []),
  ];
  return [`${COOKIE}=${sessionOf(token)}`, ...attributes].join('; ');
}

/** Derived from the token, so that no list of sessions is kept and a new token ends them all; not the token itself. */
function sessionOf(token: string): string {
  return sha256(`switchboard session\0${token}`);
}

/** Where to go after signing in: a path of this server, or its first page. A form must not lead to another site. */
export function safePath(next: string | null): string {
  const isOurs = next !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !next.startsWith(SIGN_IN_PATH);
  return isOurs ? next : '/';
}

/** The page that asks for the token, and then leads on to `next`. */
export function formatSignInPage({ next, isRefused }: { next: string; isRefused: boolean }): string {
  const refusal = isRefused ? '<p role="alert"><strong>That is not the token of this server.</strong></p>' : '';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to Switchboard</title>
<style>
  :root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 15vh auto; padding: 0 1rem; }
  label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; margin-block: .5rem; }
  input, button { padding: .5rem; }
</style>
<main>
<h1>Switchboard</h1>
${refusal}
<form method="post" action="${SIGN_IN_PATH}">
  <input type="hidden" name="next" value="${escapeHtml(safePath(next))}">
  <label for="token">The token of this server (its SWITCHBOARD_TOKEN)</label>
  <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
  <button>Sign in</button>
</form>
</main>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
