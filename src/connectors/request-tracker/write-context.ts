import type { Named } from '../connector.ts';
import type { SharedFields } from '../connector-settings.ts';
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
  /** Name of the account whose token is used. */
  self(signal: AbortSignal): Promise<string>;
  /** The queue with this id or name; null when the account sees none. */
  findQueue(queue: string, signal: AbortSignal): Promise<Named | null>;
};

/** Stands below a comment, so that it is found when its delivery runs again. */
export const markOf = (decisionId: string) => `[${decisionId}]`;
export const undoMarkOf = (decisionId: string) => `[undo ${decisionId}]`;
