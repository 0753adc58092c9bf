import type { Named } from '../connector.ts';
import type { SharedFields } from '../connector-settings.ts';
import type { NoteLanguage } from '../note-languages.ts';
import type { RtClient } from './client.ts';
import type { RtSettings } from './definition.ts';
import type { PlaceSettings } from './map-place.ts';
import type { ThreadReader } from './read-thread.ts';

/** What writing to tickets and taking it back needs. */
export type WriteContext = {
  readonly client: RtClient;
  readonly threads: ThreadReader;
  readonly place: PlaceSettings;
  readonly priorities: RtSettings['priorities'];
  readonly customFields: SharedFields['customFields'];
  readonly noteLanguage: NoteLanguage;
  /** Name of the account whose token is used. */
  self(signal: AbortSignal): Promise<string>;
  /** The queue with this id or name; null when the account sees none. */
  findQueue(queue: string, signal: AbortSignal): Promise<Named | null>;
};

/** Whether a text has this id of a decision, and not only a longer one that contains it. */
export const hasDecisionId = (text: string, decisionId: string): boolean =>
  text
    .split(decisionId)
    .some((part, index, parts) => !/[\w-]$/.test(part) && /^(?![\w-])/.test(parts[index + 1] ?? '-'));

/** The note with the id of its decision, by which it is found when the delivery runs again. Templates mostly have it already. */
export const withDecisionId = (note: string, decisionId: string): string =>
  hasDecisionId(note, decisionId) ? note : `${note}\n\n[${decisionId}]`;

/** Tells the comment of an undo from that of the delivery, which has the same id. */
export const undoMarkOf = (decisionId: string) => `[undo ${decisionId}]`;

/** The note of an undo with its mark, in place of the id that the note mostly has. */
export function withUndoMark(note: string, decisionId: string): string {
  const [id, mark] = [`[${decisionId}]`, undoMarkOf(decisionId)];
  return note.includes(id) ? note.replace(id, () => mark) : `${note}\n\n${mark}`;
}
