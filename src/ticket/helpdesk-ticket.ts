import type { IncomingTicket } from './ticket.ts';

/** Where a ticket is in its helpdesk, in the helpdesk's own ids and words. */
export type Place = {
  /** As in `teams[].owners`. */
  readonly group: string | null;
  readonly assignee: string | null;
  readonly status: string | null;
  readonly priority: string | null;
  readonly tags: readonly string[];
  /** The value of the field that `customFields.intent` names; null where it is empty or no field is configured. */
  readonly intent: string | null;
};
export type PlaceField = keyof Place;

/** `open`: may be written. `closed`: cannot be changed any more; a solved ticket is still `open`. */
export const helpdeskStates = ['open', 'closed', 'merged', 'spam', 'deleted'] as const;
export type HelpdeskState = (typeof helpdeskStates)[number];

/**
 * Who did something in the helpdesk. `rule`: a trigger, an automation, a form or a default group; `ourselves`: the
 * account of this connector, or a write that has the id of one of our decisions.
 */
export type OutsideActor = {
  readonly kind: 'agent' | 'customer' | 'rule' | 'ourselves';
  /** The helpdesk's id. */
  readonly id: string;
  readonly name?: string;
};

/** A change of a ticket in its helpdesk. */
export type OutsideChange = {
  /** The helpdesk's id of the change. A change is stored once for each id and field. */
  readonly sourceId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: OutsideActor;
  readonly field: PlaceField;
  /** As in `Place`; tags separated by commas. Null when there was none. */
  readonly from: string | null;
  readonly to: string | null;
  /** What people see for `to`, where that is something else: the name of a dropdown's option. Not stored. */
  readonly toName?: string;
};

export type Message = {
  /** The helpdesk's id of the message. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** `system`: an automatic reply, or a note that a rule wrote. */
  readonly from: 'customer' | 'agent' | 'system';
  readonly author: string | null;
  /** Plain text or HTML, as the helpdesk has it. */
  readonly text: string;
  /** False for an internal note. */
  readonly isPublic: boolean;
  /** Number of attachments. */
  readonly attachments: number;
};

/** A ticket as its helpdesk has it now. */
export type HelpdeskTicket = {
  readonly externalId: string;
  readonly state: HelpdeskState;
  /** Differs after every change of the ticket: an ETag, the id of the last transaction, the time of the last update. */
  readonly stamp: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Everything but the body, which is made of the messages. `source` has group and URL. */
  readonly ticket: Omit<IncomingTicket, 'id' | 'body' | 'createdAt'>;
  /** Oldest first: the first one is the ticket's description. Without internal notes of our own. */
  readonly messages: readonly Message[];
  readonly place: Place;
  /** Ids and names of the group or queue, the brand and the status, for the connector's intake. */
  readonly intake: {
    readonly groups: readonly string[];
    readonly brands: readonly string[];
    readonly statuses: readonly string[];
  };
  /** Changes of `place` since the ticket was created, oldest first; ours too. What it was created with is no change. */
  readonly changes: readonly OutsideChange[];
};

/** A custom field other than that of the intent, as a delivery found it and left it. `field` is its name in the configuration. */
export type WrittenField = { readonly field: string; readonly before: string | null; readonly after: string | null };

/** What a delivery has changed, so that it can be taken back. */
export type Written = {
  /** The fields that were changed, as they were before. */
  readonly before: Partial<Place>;
  /** The same fields, as the helpdesk had them afterwards. */
  readonly after: Partial<Place>;
  /** Missing where the connector finds them in the helpdesk's own history, and in what older versions have stored. */
  readonly fields?: readonly WrittenField[];
  /** The helpdesk's id of the note; null when none was written, or it has no id. */
  readonly noteId: string | null;
};
