// How a browser gets in where a token is asked for: a form that takes the token once, and a cookie that names a session.
import { SESSION_SECONDS } from './sessions.ts';

export const SIGN_IN_PATH = '/sign-in';
export const SIGN_OUT_PATH = '/sign-out';
const COOKIE = 'switchboard_session';

/** A browser that opens a page, not a program that calls the API. */
export function wantsPage({ method, accept }: { method: string; accept: string | undefined }): boolean {
  return (method === 'GET' || method === 'HEAD') && /\btext\/html\b/.test(accept ?? '');
}

/** The session's id that a browser sends along; null without one. */
export function readSessionCookie(cookieHeader: string | undefined): string | null {
  const [, id] = new RegExp(`(?:^|;) *${COOKIE}=([^;\\s]*)`).exec(cookieHeader ?? '') ?? [];
  return id ?? null;
}

/** Scripts cannot read it, and other sites cannot send it. */
export function formatSessionCookie(options: { sessionId: string; isHttps: boolean }): string {
  return formatCookie({ value: options.sessionId, seconds: SESSION_SECONDS, isHttps: options.isHttps });
}

/** Makes the browser forget its session. */
export function formatEndedCookie(options: { isHttps: boolean }): string {
  return formatCookie({ value: '', seconds: 0, isHttps: options.isHttps });
}

function formatCookie({ value, seconds, isHttps }: { value: string; seconds: number; isHttps: boolean }): string {
  const attributes = ['Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict', ...(isHttps ? ['Secure'] : [])];
  return [`${COOKIE}=${value}`, ...attributes].join('; ');
}

/** Where to go after signing in: a path of this server, or its first page. A form must not lead to another site. */
export function safePath(next: string | null): string {
  const isOurs = next !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !/^\/sign-(?:in|out)\b/.test(next);
  return isOurs ? next : '/';
}

/** The address of the page that asks for the token and then leads on to `next`. */
export function signInUrl(next: string): string {
  const path = safePath(next);
  return path === '/' ? SIGN_IN_PATH : `${SIGN_IN_PATH}?next=${encodeURIComponent(path)}`;
}

/** The page that asks for the token, and then leads on to `next`. */
export function formatSignInPage({ next, isRefused }: { next: string; isRefused: boolean }): string {
  const refusal = isRefused ? '<p role="alert"><strong>That is not the token of this server.</strong></p>' : '';
  return formatPage({
    title: 'Sign in to Switchboard',
    main: `${refusal}
<form method="post" action="${SIGN_IN_PATH}">
  <input type="hidden" name="next" value="${escapeHtml(safePath(next))}">
  <label for="token">The token of this server (its SWITCHBOARD_TOKEN)</label>
  <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
  <button>Sign in</button>
</form>`,
  });
}

/** What somebody sees who opens the sign-in page and is signed in already. */
export function formatSignedInPage(): string {
  return formatPage({
    title: 'Signed in to Switchboard',
    main: `<p>You are signed in. <a href="/docs">The documentation of the API</a> is open to you.</p>
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
