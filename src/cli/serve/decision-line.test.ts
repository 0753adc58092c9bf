import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { TicketSummary } from '../../store/store.ts';
import { fitColumns, formatDecisionHeader, formatDecisionLine } from './decision-line.ts';

const colors = picocolors.createColors(false);
const LIMIT = 100;

function lineFor(ticket: { subject?: string; body?: string }, intent = 'account-management/billing-inquiries'): string {
  const summary: TicketSummary = {
    ticketId: 't',
    revision: 1,
    state: 'decided',
    receivedAt: '2026-11-22T10:00:00.000Z',
    ticket: { id: 't', ...ticket },
    classification: {
      intent,
      confidence: 0.914,
      abstained: false,
      abstainReason: null,
      reasoning: '',
      decidingWords: [],
      runnersUp: [],
      nearestExamples: [],
      secondaryIntents: [],
      urgency: null,
      sentiment: null,
      language: null,
      stage: 'local',
      stageReason: '',
      model: null,
      versions: { taxonomy: '', prompt: null, examples: null, thresholds: null },
      usage: { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, thinkingTokens: 0 },
      costUsd: 0,
      latencyMs: 3,
    },
    decision: {
      id: 'd',
      team: 'accounts-and-a-very-long-name',
      assignee: null,
      priority: 'normal',
      tags: [],
      sla: { name: null, firstResponseDueAt: null, resolutionDueAt: null },
      urgency: 'normal',
      rule: 'accounts',
      because: '',
      mode: 'shadow',
      release: null,
    },
    delivery: null,
  };
  return formatDecisionLine(summary, { decidedAt: '2026-11-22T10:00:00.042Z', colors });
}

test('a line shows subject, intent, confidence, team and duration', () => {
  const line = lineFor({ subject: 'Two payments for one month?' });
  expect(line).toContain('Two payments for one month?');
  expect(line).toMatch(/ billing-inquiries +91% accounts-an… +42 ms$/);
});

test.each([
  'plain',
  'x'.repeat(5_000),
  '配送状況について教えてください。注文番号は五万二千四百十七です。'.repeat(3),
  '👩‍👩‍👧‍👦'.repeat(60),
  'é'.normalize('NFD').repeat(200),
  'متى يصل الطرد؟ '.repeat(20),
  '',
])('a line fits 100 columns whatever the subject is: %.12s', (subject) => {
  expect(stringWidth(lineFor({ subject, body: 'b' }))).toBeLessThanOrEqual(LIMIT);
  expect(
    stringWidth(lineFor({ body: subject }, 'integration-and-api/third-party-compatibility-inquiries')),
  ).toBeLessThanOrEqual(LIMIT);
});

test('nothing in a ticket moves the cursor, colours the line or reverses its direction', () => {
  const line = lineFor({ subject: 'a\u001b[31mred\u0007\r\nb\u202Ec\u0000d\u2028e' });
  expect(line).not.toMatch(/[\p{Cc}\u2028\u202E]/u);
  expect(line).toContain('a [31mred bc d e');
});

test('the header has the columns of the lines', () => {
  expect(stringWidth(formatDecisionHeader(colors))).toBe(stringWidth(lineFor({ subject: 's' })));
});

test('a wide character that does not fit is left out', () => {
  expect(fitColumns('漢字', 4)).toBe('漢字');
  expect(fitColumns('漢字', 3)).toBe('漢…');
  expect(fitColumns('漢字', 2)).toBe('… ');
});
