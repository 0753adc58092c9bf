// Measures the longest step that blocks a thread, over texts made to be slow: `npm run bench:hostile-text`.
// Uses processor time of the thread, so that other programs matter little. Redaction lets other work run between its
// steps (src/base/steps.ts); every other part of handling a ticket is a single step.
import { buildRequest } from '../src/classifiers/claude/build-request.ts';
import { createPromptBook } from '../src/classifiers/claude/prompt-book.ts';
import { claudeSettingsSchema } from '../src/classifiers/claude/settings.ts';
import { imitationFilterOf } from '../src/classifiers/imitations/set-aside-imitations.ts';
import { createPlainUrgency, warmUp } from '../src/routing/plain-urgency.ts';
import { parseTaxonomy } from '../src/taxonomy/parse-taxonomy.ts';
import { ticketContentHash } from '../src/ticket/content-hash.ts';
import { detectLanguage } from '../src/ticket/detect-language.ts';
import { normaliseText } from '../src/ticket/normalise-text.ts';
import { describeRepairs, parseIncomingTicket } from '../src/ticket/parse-ticket.ts';
import { redactSteps } from '../src/ticket/redact-ticket.ts';
import { MAX_BODY_LENGTH } from '../src/ticket/ticket.ts';
import { ticketText } from '../src/ticket/ticket-text.ts';

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
const filled = (text: string) => text.repeat(Math.ceil(MAX_BODY_LENGTH / text.length)).slice(0, MAX_BODY_LENGTH);

let seed = 7;
function random(characters: string): string {
  return Array.from({ length: MAX_BODY_LENGTH }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return characters[seed % characters.length];
  }).join('');
}

const repeated = [
  ...[
    '1',
    '1 ',
    '1-',
    '(0',
    '1.1.',
    '12345678 ',
    '+49 30 901820 ',
    '0049 30 901820 ',
    '(415) 555-2671 ',
    '2026-11-22 ',
  ],
  ...[
    'ana@example.com ',
    'a@',
    'a@a.',
    'a at b.',
    'a at b dot ',
    'wa.me/',
    'tel:',
    'token=',
    '?token=',
    'https://a:b',
    '://a/',
  ],
  ...[
    'password is ',
    'password=',
    'DB_PASSWORD: ',
    'パスワードは',
    'كلمة المرور ',
    'eyja',
    'eyja.',
    'sk_test_',
    'SG.',
    'AKIA',
  ],
  ...[
    '-----BEGIN PRIVATE KEY-----\n',
    '-----BEGIN A-----\nabcdefghijklmnopqrstuvwx\n',
    'de89',
    '::',
    'f:f:',
    'pin ',
    'pw ',
  ],
  ...[
    '> a\n',
    '>',
    '<',
    '<b>',
    '<p>x</p>',
    '<table><tr><td>',
    '<blockquote>',
    '<!--',
    '&',
    '&#',
    '&amp;',
    '%25',
    '\0',
    '\u200B',
  ],
  ...[
    'a',
    'A',
    'aB',
    '/',
    '=',
    '"',
    ' ',
    '\n',
    '\r\n',
    'ﷺ',
    '\u0301',
    '\uD800',
    '😀',
    '漢',
    'ا',
    'Re: ',
    '[EMAIL_1]',
    'pomfret ',
  ],
  ...[
    'Op a\n',
    `${'Op a\n'.repeat(8)}${'schreef b\n'.repeat(1_000)}`,
    'aaa. skrev b\n',
    'From: [<',
    '在写道\n',
    '--\n',
  ],
  ...[
    `${'0'.repeat(60)}${'from'.repeat(10)}${'<'.repeat(40)}${'>'.repeat(40)}\n\n`,
    'My hub shows a red light since Monday. ',
  ],
  ...[
    '{"intent":"billing"} ',
    '{"intent":',
    'intent: billing ',
    'intent: ',
    'classify this as ',
    '<a intent=',
    'order_s',
  ],
];
const texts = new Map(repeated.map((text) => [JSON.stringify(text.slice(0, 20)), filled(text)]));
texts.set('random digits', random('0123456789'));
texts.set('random digits and signs', random('0123456789 .-/()+'));
texts.set('random letters without a space', random('abcdefghijklmnopqrstuvwxyz'));
texts.set('random base64', random('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'));
texts.set('random signs', random('@.:/?&=#;-_+\'" <>[](){}'));
texts.set('random parts of addresses', random('ab1@. -:/\n'));
texts.set(
  '12,000 addresses',
  Array.from({ length: 12_000 }, (_, i) => `u${i}@ex${i}.com`)
    .join(' ')
    .slice(0, MAX_BODY_LENGTH),
);
texts.set(
  '12,000 phone numbers',
  Array.from({ length: 12_000 }, (_, i) => `+49 30 ${900_000 + i}`)
    .join(' ')
    .slice(0, MAX_BODY_LENGTH),
);

const requester = { name: 'María-José Pomfret von Hohenstein', email: 'g.pomfret@example.com', tier: 'pro' };
const taxonomy = parseTaxonomy({
  file: 'benchmark',
  text: 'name: b\nintents:\n  - { id: billing, name: Billing, description: Money. }\n  - { id: orders, name: Orders, description: Parcels. }\n',
});
const plainUrgency = createPlainUrgency({});
// As a server does when it starts.
await warmUp(plainUrgency);
const book = createPromptBook({ taxonomy, settings: claudeSettingsSchema.parse({}) });

/** Time of the longest step, and of all steps. */
const work: Readonly<Record<string, (body: string) => { longest: number; all: number }>> = {
  'intake (parse, repairs, content hash)': once((body) => {
    const value = { id: 't', body: `.${body}`, requester };
    return [parseIncomingTicket(value), describeRepairs(value), ticketContentHash(value)];
  }),
  'plain text': once((body) => ticketText({ body })),
  'plain text and urgency, as routing reads them': once((body) =>
    plainUrgency({ text: ticketText({ body }).text, tier: null }),
  ),
  language: once(detectLanguage),
  'comparable text': once(normaliseText),
  'setting labels aside': once(imitationFilterOf(taxonomy)),
  'a request for Claude, without redaction': once((body) =>
    buildRequest({ book, ticket: { id: 't', body, requester }, found: [], redact: null }),
  ),
  'redaction of all of it, in steps': (body) => {
    const steps = redactSteps({ ticket: { id: 't', body, requester }, texts: [] });
    let [longest, all] = [0, 0];
    for (;;) {
      const start = cpuMs();
      const { done } = steps.next();
      const took = cpuMs() - start;
      longest = Math.max(longest, took);
      all += took;
      if (done) return { longest, all };
    }
  },
};

function once(run: (body: string) => unknown): (body: string) => { longest: number; all: number } {
  return (body) => {
    const start = cpuMs();
    run(body);
    const took = cpuMs() - start;
    return { longest: took, all: took };
  };
}

console.log(`${texts.size} texts of ${MAX_BODY_LENGTH} characters; milliseconds of processor time`);
for (const [name, measure] of Object.entries(work)) {
  const rows = [...texts].map(([text, body]) => ({ text, ...measure(body) }));
  const worst = rows.toSorted((a, b) => b.longest - a.longest).slice(0, 3);
  const longest = worst.map((row) => `${row.longest.toFixed(0)} (${row.text})`).join(', ');
  console.log(
    `${name}: longest step ${longest}; all steps at most ${Math.max(...rows.map((row) => row.all)).toFixed(0)}`,
  );
}
