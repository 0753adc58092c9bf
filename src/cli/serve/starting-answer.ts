import type { IncomingMessage } from 'node:http';
import { createProblem, PROBLEM_TYPE } from '../../http/problem.ts';

const SECONDS = 2;

/** What a server that is not up yet answers: a page that loads itself again to a browser, a problem to a program. */
export function startingAnswer({ headers }: Pick<IncomingMessage, 'headers'>): {
  readonly headers: Record<string, string>;
  readonly body: string;
} {
  const isBrowser = headers.accept?.includes('text/html') ?? false;
  const problem = createProblem({
    status: 503,
    code: 'starting',
    detail: 'The server is starting. Try again in a moment.',
  });
  return {
    headers: {
      'content-type': isBrowser ? 'text/html; charset=utf-8' : PROBLEM_TYPE,
      'retry-after': String(SECONDS),
      connection: 'close',
    },
    body: isBrowser ? page : JSON.stringify(problem),
  };
}

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${SECONDS}">
<title>Switchboard is starting</title>
<body style="font-family: system-ui, sans-serif; margin: 15vh auto; max-width: 32rem; padding: 0 1rem">
<h1>Switchboard is starting</h1>
<p>This page loads itself again in a moment.</p>
<p lang="de">Switchboard startet. Diese Seite lädt sich gleich von selbst neu.</p>
</body>
</html>
`;
