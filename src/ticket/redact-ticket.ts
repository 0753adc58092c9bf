import { runSteps, runStepsInTurns, type Steps } from '../base/steps.ts';
import { findIdentifiers } from './redaction/find-identifiers.ts';
import { findInSlices } from './redaction/find-in-slices.ts';
import type { FinderContext, Finding } from './redaction/finding.ts';
import { type FoldedText, foldSteps } from './redaction/folded-text.ts';
import { guessLanguage } from './redaction/guess-language.ts';
import { type Person, readNames } from './redaction/known-names.ts';
import { likelyCountries } from './redaction/likely-countries.ts';
import { createPhoneNumbers } from './redaction/phone-checker.ts';
import { createPlaceholders, type Placeholders } from './redaction/placeholders.ts';
import { tableCellSteps } from './redaction/table-cells.ts';
import type { Ticket } from './ticket.ts';

export type RedactRequest = {
  /**
   * The ticket, with subject and body as plain text (`ticketText`). Nothing is decoded here: read twice, a customer's
   * `<br>` or `&eacute;` in plain text would be taken for HTML.
   */
  readonly ticket: Ticket;
  /** Older messages that came with the ticket. */
  readonly earlier?: readonly string[];
  /** Other texts of the same request, for example the examples shown with the ticket and their rationales. */
  readonly texts: readonly string[];
  /** Other people whose names are known, for example the requesters of the examples. */
  readonly people?: readonly Person[];
};

export type Redacted = {
  /**
   * The redacted text. Other fields are not redacted, so they are left out: they cannot leave the machine by mistake.
   */
  readonly ticket: Pick<Ticket, 'subject' | 'body'>;
  /** The older messages, redacted, in the same order. */
  readonly earlier: readonly string[];
  /** The other texts, redacted, in the same order. */
  readonly texts: readonly string[];
  /**
   * Replaces placeholders by the identifiers of the ticket, for display on this machine. Identifiers that are only in
   * `texts` belong to other people and stay hidden.
   */
  restore(text: string): string;
};

/**
 * Replaces identifiers of people by placeholders such as `[EMAIL_1]`: e-mail addresses, numbers of phones, cards, bank
 * accounts and documents, IP addresses, credentials, and the known names (docs/configuration.md lists the forms). The
 * same value gets the same placeholder in the ticket and in all texts of the request. Order numbers, dates and amounts
 * stay.
 *
 * Long texts block the thread; a server uses `redactInTurns`.
 */
export function redact(request: RedactRequest): Redacted {
  return runSteps(redactSteps(request));
}

/** Like `redact`, with pauses for other work of the thread. */
export function redactInTurns(request: RedactRequest): Promise<Redacted> {
  return runStepsInTurns(redactSteps(request));
}

/** Like `redact`, in steps of limited length for any text. */
export function* redactSteps({ ticket, earlier = [], texts, people = [] }: RedactRequest): Steps<Redacted> {
  const { requester, subject, body } = ticket;
  const language = ticket.language ?? guessLanguage(`${subject ?? ''}\n${body ?? ''}`);
  const names = readNames([...(requester === undefined ? [] : [requester]), ...people]);
  const context: FinderContext = {
    phoneNumbers: createPhoneNumbers(likelyCountries(language === null ? ticket : { ...ticket, language })),
    names: names === null ? null : { ...names, language: language?.slice(0, 2).toLowerCase() ?? null },
  };
  const placeholders = createPlaceholders([subject ?? '', body ?? '', ...earlier, ...texts]);

  const redactedTicket: Pick<Ticket, 'subject' | 'body'> = {};
  if (subject !== undefined) redactedTicket.subject = yield* redactText({ text: subject, context, placeholders });
  if (body !== undefined) redactedTicket.body = yield* redactText({ text: body, context, placeholders });
  const redactedEarlier: string[] = [];
  for (const text of earlier) redactedEarlier.push(yield* redactText({ text, context, placeholders }));
  placeholders.startOthers();
  const redactedTexts: string[] = [];
  for (const text of texts) redactedTexts.push(yield* redactText({ text, context, placeholders }));
  return { ticket: redactedTicket, earlier: redactedEarlier, texts: redactedTexts, restore: placeholders.restore };
}

function* redactText(options: { text: string; context: FinderContext; placeholders: Placeholders }): Steps<string> {
  const { context, placeholders } = options;
  const text = yield* foldSteps(options.text);
  const cells = yield* tableCellSteps(text.view);
  const findings = yield* findInSlices({ text, find: (slice) => findIdentifiers(slice, context, cells) });
  return replaceAll({ text, findings, placeholders });
}

function replaceAll(options: { text: FoldedText; findings: readonly Finding[]; placeholders: Placeholders }): string {
  const { text, findings, placeholders } = options;
  const { original, starts, ends } = text;
  const parts: string[] = [];
  let at = 0;
  for (const finding of findings) {
    const start = Math.max(at, starts[finding.start] ?? at);
    const end = Math.max(start, ends[finding.end - 1] ?? start);
    parts.push(original.slice(at, start), placeholders.of(finding, original.slice(start, end)));
    at = end;
  }
  parts.push(original.slice(at));
  return parts.join('');
}
