import { InputError } from '../../errors.ts';
import { parseIncomingTicket } from '../../ticket/parse-ticket.ts';
import type { Signal } from '../connector.ts';
import { parseJsonBody } from '../parse-json-body.ts';
import type { ReceiveSettings } from './definition.ts';
import { readPath } from './read-path.ts';

/** Reads the ticket from the body of a webhook. Throws `InputError` when it has no id or is no ticket. */
export function mapWebhook(body: Buffer, settings: ReceiveSettings): Signal {
  const value = parseJsonBody(body);
  const text = (path: string | undefined) => (path === undefined ? undefined : asText(readPath(value, path)));
  const externalId = text(settings.id);
  if (externalId === undefined || externalId === '') {
    throw new InputError({ message: `The body has no id of a ticket at ${settings.id}.` });
  }
  if (externalId === '.' || externalId === '..') {
    throw new InputError({
      message: `The id at ${settings.id} is "${externalId}", which cannot be part of an address.`,
    });
  }
  const { requester = {} } = settings;
  const tags = settings.tags === undefined ? undefined : readPath(value, settings.tags);
  const attributes = Object.entries(requester.attributes ?? {}).flatMap(([name, path]) => {
    const found = readPath(value, path);
    return isPlain(found) ? [[name, found]] : [];
  });
  const ticket = parseIncomingTicket(
    defined({
      subject: text(settings.subject),
      body: text(settings.body),
      createdAt: moment(text(settings.createdAt)),
      language: text(settings.language),
      channel: text(settings.channel),
      tags: Array.isArray(tags) ? tags.flatMap((tag) => asText(tag) ?? []) : undefined,
      requester: defined({
        name: text(requester.name),
        email: text(requester.email),
        tier: text(requester.tier),
        organisation: text(requester.organisation),
        attributes: attributes.length === 0 ? undefined : Object.fromEntries(attributes),
      }),
      source: defined({
        connector: 'webhook', // intake replaces it by the connector's name
        externalId,
        url: text(settings.url),
        group: text(settings.group),
      }),
    }),
  );
  return { externalId: ticket.source?.externalId ?? externalId, ticket };
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Ids are numbers in some systems. */
const asText = (value: unknown): string | undefined => (isPlain(value) ? String(value) : undefined);

/** A time that nobody can read is left out: it would only set the clock of the SLA. */
function moment(text: string | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function defined<T extends object>(value: T): Partial<T> {
  // The cast: entries are left out, none is changed.
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;
}
