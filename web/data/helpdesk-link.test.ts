import { expect, test } from 'vitest';
import { helpdeskLink } from './helpdesk-link.ts';

test('only addresses of pages become links', () => {
  for (const url of ['https://desk.example/tickets/1', 'http://127.0.0.1:8080/Ticket/Display.html?id=1']) {
    expect(helpdeskLink(url)).toBe(url);
  }
  const others = [
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '/x',
    '',
    undefined,
  ];
  for (const url of others) expect([url, helpdeskLink(url)]).toEqual([url, null]);
});
