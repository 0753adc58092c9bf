// Measures how long it takes to part a ticket's body into own words, older messages, signatures and footers:
// `npm run bench:parting`. Real-looking mails of 2,000 characters, with and without redaction, and bodies of hostile
// repetition. Hostile bodies in processor time of the thread, so that other programs matter little; it is counted in steps
// of some milliseconds, so mails are measured by the clock.
import { cpus } from 'node:os';
import { generateMails } from '../src/testing/generated-mails/generate-mails.ts';
import { readTicket } from '../src/ticket/read-ticket.ts';
import { redact } from '../src/ticket/redact-ticket.ts';
import { MAX_BODY_LENGTH } from '../src/ticket/ticket.ts';
import { tidyText } from '../src/ticket/tidy-text.ts';

const MAIL_LENGTH = 2_000;
const ROUNDS = 4;
const HOSTILE_LIMIT_MS = 100;
const MAIL_LIMIT_MS = 5;

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

function wallMs(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function measure(run: () => unknown): number {
  const start = cpuMs();
  run();
  return cpuMs() - start;
}

const requester = { name: 'Jelena Marsh', email: 'j.marsh@customer.example' };
/** Mails of programs and languages, grown to the length with more of the older message. */
const mails = generateMails().map(({ subject, body }) => {
  const isHtml = body.startsWith('<');
  const filler = isHtml ? '<p>And one more line of an older message, 4 of 7.</p>' : '> And one more line of it.\n';
  const grown = body + filler.repeat(Math.max(0, Math.ceil((MAIL_LENGTH - body.length) / filler.length)));
  return { id: 'T-1', subject, body: isHtml ? grown : grown.slice(0, MAIL_LENGTH), requester };
});

type Mail = (typeof mails)[number];
const work: Readonly<Record<string, (mail: Mail) => unknown>> = {
  'tidying alone (no parting)': ({ subject, body }) => [tidyText(subject), tidyText(body)],
  // A copy each time: what was read of a ticket is remembered.
  parting: (mail) => readTicket({ ...mail }),
  'parting and redaction': (mail) => {
    const { subject, own, earlier } = readTicket({ ...mail });
    return redact({ ticket: { ...mail, subject, body: own }, earlier: earlier.map(({ text }) => text), texts: [] });
  },
};

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}; milliseconds`);
console.log(
  `\n${mails.length} mails of ${MAIL_LENGTH} characters (HTML may be longer), the best of ${ROUNDS} rounds after one to warm up`,
);
const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0);
for (const [name, run] of Object.entries(work)) {
  for (const mail of mails) run(mail);
  const rounds = Array.from({ length: ROUNDS }, () => mails.map((mail) => wallMs(() => run(mail))));
  // The best of the rounds for each mail: that another program had the processor is no property of the mail.
  const times = mails.map((_, i) => Math.min(...rounds.map((round) => round[i] ?? 0))).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0;
  const verdict = at(0.99) <= MAIL_LIMIT_MS ? '' : `  over the limit of ${MAIL_LIMIT_MS}`;
  console.log(`  ${name}: p50 ${ms(at(0.5))}, p99 ${ms(at(0.99))}, longest ${ms(at(1))}${verdict}`);
}

const filled = (text: string) => text.repeat(Math.ceil(MAX_BODY_LENGTH / text.length)).slice(0, MAX_BODY_LENGTH);
const header = 'From: Ana <ana@shop.example>\nSent: Monday, November 9, 2026 9:14 AM\nTo: D. Quill\nSubject: Order\n';
const hostile: readonly string[] = [
  '>',
  '> ',
  '>\n',
  '> a\n',
  '>>>>\n',
  'a\n> b\n',
  'a\n\n> b\n\n',
  '-',
  '----\n',
  '-- \n',
  '---\na\n',
  '________________________________\n',
  '________________________________\nFrom: a\n',
  'From:\n',
  'From: ',
  'From: a\n',
  'From: a\nTo: b\n',
  'From: a\nTo: b\n\n',
  'Date: a\n',
  'Subject: a\n',
  'Cc: a\n',
  'a: b\n',
  header,
  `${header}\n`,
  `Re: ${header}`,
  'On Mon, Nov 9, 2026 at 9:14 AM Ana <ana@shop.example> wrote:\n',
  'On Mon, Nov 9, 2026 at 9:14 AM Ana <ana@shop.example> wrote:\n> a\n',
  'On Mon, Nov 9, 2026 at 9:14 AM Ana\n',
  'wrote:\n',
  '9:14 2026 a@b:\n',
  '1',
  '1 2026 ',
  '2026/',
  'a@',
  '@',
  ':',
  '-----Original Message-----\n',
  '---------- Forwarded message ---------\n',
  '---------- Forwarded message ---------\na: b@c\nd: e\nf: g\n\n',
  'Type your reply above this line\n',
  'Kind regards\n',
  'Kind regards\nAna\n\n',
  'Ana Ferreira\n+44 117 496 0222\n\n',
  'Sent from my iPhone\n',
  'Sent from my iPhone\n\n',
  'This e-mail is confidential and the intended recipient must notify the sender and delete this e-mail.\n\n',
  'This e-mail is confidential and the intended recipient must notify the sender and delete this e-mail. ',
  'CAUTION: This email originated from outside. Do not click links.\n\n',
  'CAUTION: This email originated from outside. Do not click links.\n',
  'Content-Type: text/plain\n',
  'Content-Type: text/plain\n\n',
  'Content-Type: text/plain\n\n--abcdef\n',
  '--abcdef\nContent-Type: text/plain\n\na\n',
  '--abcdef--\n',
  'Content-Transfer-Encoding: base64\n',
  '=?utf-8?Q?a?= ',
  '=?',
  '=C3=A9',
  '=\n',
  '=',
  '=3D\n',
  'YWJj',
  'YWJjZGVm\n',
  '<',
  '</',
  '<a',
  '<div>',
  '</div>',
  '<div><div>a</div>',
  '<blockquote>',
  '<table><tr><td>',
  '<p hidden>a',
  '<div style="display:none">',
  '<span style="display:none">a</span>',
  '<div class="gmail_signature">a',
  '<style>.a{display:none}</style>',
  '<style>',
  '<style>.a{',
  '<style>/*',
  '<!--',
  '<b>a</b> ',
  '<p>x</p>',
  '<br>',
  '&amp;',
  '&',
  '&#',
  'Re: ',
  '[a] ',
  '\u200B',
  'a\u200Db',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\r',
  ' \n',
  'a ',
  'a',
  'A. ',
  'Aa ',
  '漢',
  'ﷺ',
  '𝗥',
  '|',
  ' | ',
  '( ',
  '+1 ',
  '01 ',
  '_',
  '=====\n',
  '* ',
  '~~~~\n',
  '?\n',
  'PS: a\n',
];
const subjects = ['Help', 'Re: Help', 'Fwd: Help'];

console.log(
  `\n${hostile.length} bodies of ${MAX_BODY_LENGTH} characters of one repetition, as new mail, reply and forward`,
);
/** The better of two runs: a pause of the garbage collector is no property of the text. */
const better = (run: () => unknown): number => Math.min(measure(run), measure(run));
const rows = hostile.flatMap((text) => {
  const body = filled(text);
  const baseline = better(() => tidyText(body));
  return subjects.map((subject) => ({
    text: JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text),
    subject,
    baseline,
    took: better(() => readTicket({ id: 'T-1', subject, body, requester })),
  }));
});
rows.sort((a, b) => b.took - a.took);
for (const { text, subject, baseline, took } of rows.slice(0, 15))
  console.log(`  ${ms(took)} (tidying alone ${ms(baseline)}): ${text}, subject "${subject}"`);
const over = rows.filter(({ took }) => took >= HOSTILE_LIMIT_MS).length;
console.log(`${over} of ${rows.length} at or over the limit of ${HOSTILE_LIMIT_MS}`);
if (over > 0) process.exitCode = 1;
