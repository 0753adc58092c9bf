import stringWidth from 'string-width';
import type { StoredExample } from '../../store/store.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import type { CliIo } from '../io.ts';
import { printableLine } from '../printable.ts';
import { fitColumns } from '../serve/decision-line.ts';

const WORDS_SHOWN = 72;

/** Two lines for people: id, intent and origin of an example, and its first words. */
export function formatExample(stored: StoredExample, { bold, dim, yellow }: CliIo['colors']): string {
  const { example, source, state, why, actor, updatedAt } = stored;
  const by = actor === null ? '' : ` by ${printableLine(actor.id)} (${actor.kind})`;
  const waits =
    state === 'waiting' ? yellow(`, waits for a review${why === null ? '' : `: ${printableLine(why)}`}`) : '';
  const words = printableLine(ticketText(example).text);
  const shown = stringWidth(words) > WORDS_SHOWN ? fitColumns(words, WORDS_SHOWN).trimEnd() : words;
  return `${bold(printableLine(example.id))}  ${printableLine(example.intent ?? 'belongs to nobody')}  ${source}${by}, ${updatedAt.slice(0, 10)}${waits}\n  ${dim(shown)}\n`;
}
