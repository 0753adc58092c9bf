import { detectLanguage } from './detect-language.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';
import { ticketText } from './ticket-text.ts';

/**
 * The language of a ticket as a tag, for example `de` or `pt-BR`: the one that it was sent with, otherwise that of what
 * the customer says now. The subject of a reply and older messages were often written in another language, so they are
 * read only where the customer's own words show none. Null when no language is clear.
 */
export function languageOfTicket(ticket: Ticket | IncomingTicket): string | null {
  return ticket.language ?? languageOfWords(ticket);
}

/** The language of a ticket's words, whatever it was sent with. */
export function languageOfWords(ticket: Ticket | IncomingTicket): string | null {
  const { subject, own, text, earlier } = ticketText(ticket);
  const said = withoutPrinted(own);
  const fresh = `${subject}\n${said}`;
  if (earlier.length === 0) return detectLanguage(fresh.trim() === '' ? text : fresh);
  return detectLanguage(said) ?? detectLanguage(fresh) ?? detectLanguage(text);
}

/** The language without its region: `pt-BR`, `pt_BR` and `pt` count as the same language. */
export function primaryLanguage(tag: string | null): string | null {
  return tag === null ? null : (tag.split(/[-_]/)[0]?.toLowerCase() ?? null);
}

const MIN_LETTERS = 20;

/** Without the lines that a program printed, which are English mostly, where enough other words remain. */
function withoutPrinted(text: string): string {
  const rest = text
    .split('\n')
    .filter((line) => !/^\s*(?:[$<>{]|at \S+\()/.test(line))
    .join('\n');
  return (rest.match(/\p{L}/gu)?.length ?? 0) >= MIN_LETTERS ? rest : text;
}
