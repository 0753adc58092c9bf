import { sha256 } from '../../base/hash.ts';

/** What the Message Batches API accepts as `custom_id`. */
const allowed = /^[a-zA-Z0-9_-]{1,64}$/;

/** The `custom_id` of a ticket's batch line: its id where that is allowed, otherwise a hash of it. */
export function customIdFor(ticketId: string): string {
  if (allowed.test(ticketId)) return ticketId;
  return `h-${sha256(ticketId).slice(0, 40)}`;
}
