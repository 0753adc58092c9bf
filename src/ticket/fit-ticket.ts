import { parseIncomingTicket } from './parse-ticket.ts';
import {
  type IncomingTicket,
  MAX_ATTRIBUTE_LENGTH,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_ATTRIBUTES,
  MAX_TAGS,
} from './ticket.ts';

const MAX_TAG_LENGTH = 200;
const MAX_NAME_LENGTH = 500;

/**
 * Cuts a helpdesk's ticket to the limits of `incomingTicketSchema`: nobody can send it again with less. Throws InputError
 * for a ticket without any content.
 */
export function fitTicket(ticket: IncomingTicket): IncomingTicket {
  const { requester, tags, source, channel, language } = ticket;
  const { name, email, tier, organisation, attributes } = requester ?? {};
  return parseIncomingTicket({
    ...ticket,
    channel: channel?.slice(0, 100),
    // What is no language can be read from the text instead.
    language: language !== undefined && languagePattern.test(language) ? language : undefined,
    tags: tags?.slice(0, MAX_TAGS).map((tag) => tag.slice(0, MAX_TAG_LENGTH)),
    source: source && { ...source, url: source.url?.slice(0, 2_000), group: source.group?.slice(0, 200) },
    requester: requester && {
      name: name?.slice(0, MAX_NAME_LENGTH),
      email: email?.slice(0, MAX_NAME_LENGTH),
      tier: tier?.slice(0, 100),
      organisation: organisation?.slice(0, 200),
      attributes: attributes && fitAttributes(attributes),
    },
  });
}

/** Looser than BCP 47: parsing the ticket sets aside what is none. */
const languagePattern = /^[\w-]{2,35}$/;

type Attributes = NonNullable<NonNullable<IncomingTicket['requester']>['attributes']>;

function fitAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes)
      // JSON has no infinite numbers, and a helpdesk's field may have one like 1e999.
      .filter(([, value]) => typeof value !== 'number' || Number.isFinite(value))
      .slice(0, MAX_ATTRIBUTES)
      .map(([name, value]) => [
        name.slice(0, MAX_ATTRIBUTE_NAME_LENGTH),
        typeof value === 'string' ? value.slice(0, MAX_ATTRIBUTE_LENGTH) : value,
      ]),
  );
}
