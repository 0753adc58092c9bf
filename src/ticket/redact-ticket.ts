import { htmlToText, looksLikeHtml } from './html-text.ts';
import { findCards } from './redaction/find-cards.ts';
import { findCredentials } from './redaction/find-credentials.ts';
import { findEmails } from './redaction/find-emails.ts';
import { findIbans } from './redaction/find-ibans.ts';
import { findIpAddresses } from './redaction/find-ip-addresses.ts';
import { findNames, namesOf, type Person } from './redaction/find-names.ts';
import { findPhones } from './redaction/find-phones.ts';
import { type Finder, type FinderContext, type Finding, identifierKinds } from './redaction/finding.ts';
import { cover, type FoldedText, foldText, rangesOf, TAKEN } from './redaction/folded-text.ts';
import { keepReferences } from './redaction/keep-references.ts';
import { likelyCountries } from './redaction/likely-countries.ts';
import type { Ticket } from './ticket.ts';

export type RedactRequest = {
  /** Its subject and body are best given as plain text (`ticketText`); HTML is turned into plain text first. */
  readonly ticket: Ticket;
  /** Further texts of the same request, for example the examples shown with the ticket and their rationales. */
  readonly texts: readonly string[];
  /** People besides the requester whose names are known, for example those who wrote the examples. */
  readonly people?: readonly Person[];
};

export type Redacted = {
  readonly ticket: Ticket;
  readonly texts: readonly string[];
  /** Puts the identifiers back in place of their placeholders, for display on this machine. */
  restore(text: string): string;
};

// What is found first is not looked at again: an address holds digits and names, a card number parts that look like a
// phone number.
const findersBeforeDates: readonly Finder[] = [findCredentials, findEmails, findIbans, findIpAddresses, findCards];
const findersAfterDates: readonly Finder[] = [findPhones, findNames];

/**
 * Replaces what identifies people by placeholders such as `[EMAIL_1]`: e-mail addresses, phone, card and bank account
 * numbers, IP addresses, credentials, and the requester's known name. The same value has the same placeholder in the
 * ticket and in all texts of the request. Order numbers, dates and amounts stay.
 */
export function redact({ ticket, texts, people = [] }: RedactRequest): Redacted {
  const requester = ticket.requester;
  const context: FinderContext = {
    countries: likelyCountries(ticket),
    names: namesOf([...(requester === undefined ? [] : [requester]), ...people]),
  };
  const body = ticket.body !== undefined && looksLikeHtml(ticket.body) ? htmlToText(ticket.body) : ticket.body;
  const placeholders = createPlaceholders([ticket.subject ?? '', body ?? '', ...texts]);
  const redactText = (text: string) => redactOne({ text, context, placeholders });
  const optional = (text: string | undefined) => (text === undefined ? undefined : redactText(text));

  return {
    ticket: {
      ...ticket,
      subject: optional(ticket.subject),
      body: optional(body),
      requester: requester && {
        ...requester,
        name: optional(requester.name),
        email: optional(requester.email),
        attributes:
          requester.attributes &&
          Object.fromEntries(
            Object.entries(requester.attributes).map(([key, value]) => [
              key,
              typeof value === 'string' ? redactText(value) : value,
            ]),
          ),
      },
      tags: ticket.tags?.map(redactText),
      source: ticket.source && { ...ticket.source, url: optional(ticket.source.url) },
    },
    texts: texts.map(redactText),
    restore: placeholders.restore,
  };
}

function redactOne(options: { text: string; context: FinderContext; placeholders: Placeholders }): string {
  const { text, context, placeholders } = options;
  if (text === '') return text;
  const folded = foldText(text);
  const found: Finding[] = [];
  // Text that was redacted before keeps its placeholders.
  cover(folded, rangesOf(folded.view, foldedPlaceholder), TAKEN);
  const run = (finders: readonly Finder[]) => {
    for (const finder of finders) {
      const findings = finder(folded.view, context).filter(({ start, end }) => !isTaken(folded.view, start, end));
      cover(folded, findings, TAKEN);
      found.push(...findings);
    }
  };
  run(findersBeforeDates);
  keepReferences(folded);
  run(findersAfterDates);
  return replaceAll(
    folded,
    found.toSorted((a, b) => a.start - b.start),
    placeholders,
  );
}

const foldedPlaceholder = new RegExp(`\\[(?:${identifierKinds.join('|').toLowerCase()})_\\d{1,6}\\]`, 'g');

function isTaken(view: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (view[at] !== TAKEN) return false;
  return true;
}

function replaceAll(folded: FoldedText, findings: readonly Finding[], placeholders: Placeholders): string {
  const parts: string[] = [];
  let at = 0;
  for (const finding of findings) {
    const start = Math.max(at, folded.starts[finding.start] ?? at);
    const end = Math.max(start, folded.ends[finding.end - 1] ?? start);
    parts.push(folded.original.slice(at, start), placeholders.of(finding, folded.original.slice(start, end)));
    at = end;
  }
  parts.push(folded.original.slice(at));
  return parts.join('');
}

type Placeholders = {
  of(finding: Finding, original: string): string;
  restore(text: string): string;
};

const placeholderPattern = new RegExp(`\\[(?:${identifierKinds.join('|')})_\\d{1,6}\\]`, 'g');

/** Hands out placeholders, leaving out those that the texts themselves spell: they are not ours to restore. */
function createPlaceholders(texts: readonly string[]): Placeholders {
  const spelled = new Set(texts.flatMap((text) => text.match(placeholderPattern) ?? []));
  const byValue = new Map<string, string>();
  const originals = new Map<string, string>();
  const counts = new Map<string, number>();
  const next = (kind: string): string => {
    for (;;) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      const placeholder = `[${kind}_${count}]`;
      if (!spelled.has(placeholder)) return placeholder;
    }
  };
  return {
    of: ({ kind, key }, original) => {
      const value = `${kind} ${key}`;
      const known = byValue.get(value);
      if (known !== undefined) return known;
      const placeholder = next(kind);
      byValue.set(value, placeholder);
      originals.set(placeholder, original);
      return placeholder;
    },
    restore: (text) => text.replace(placeholderPattern, (placeholder) => originals.get(placeholder) ?? placeholder),
  };
}
