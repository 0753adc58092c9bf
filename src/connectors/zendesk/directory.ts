import { isSameName } from '../../base/same-name.ts';
import type { SharedFields } from '../connector-settings.ts';
import type { ZendeskClient } from './client.ts';
import {
  brandsReplySchema,
  fieldsReplySchema,
  meReplySchema,
  statusesReplySchema,
  type ZendeskField,
  type ZendeskUser,
} from './schemas.ts';

/** Fields, brands and statuses change rarely, and a change that matters is seen within this time. */
const KEPT_MS = 600_000;

/** What a configured field of Zendesk is. */
export type FieldUse = keyof SharedFields['customFields'];
export const fieldUses = ['intent', 'confidence', 'urgency', 'language'] as const satisfies readonly FieldUse[];

/** Lists of the account, read once and kept for ten minutes. */
export type Directory = {
  me(signal: AbortSignal | undefined): Promise<ZendeskUser>;
  fields(signal: AbortSignal | undefined): Promise<readonly ZendeskField[]>;
  /** The field that `customFields` names for this; undefined when it names none, or there is none. */
  fieldFor(use: FieldUse, signal: AbortSignal | undefined): Promise<ZendeskField | undefined>;
  /** Names of a ticket's brand and custom status, where the intake is configured by names. */
  namesOf(
    ticket: { brand_id?: number | null | undefined; custom_status_id?: number | null | undefined },
    signal: AbortSignal | undefined,
  ): Promise<{ readonly brand: string | undefined; readonly status: string | undefined }>;
};

export function createDirectory(options: {
  readonly client: ZendeskClient;
  readonly shared: Pick<SharedFields, 'brands' | 'statuses' | 'customFields'>;
  readonly now: () => number;
}): Directory {
  const { client, shared, now } = options;
  const keep = <T>(read: (signal: AbortSignal | undefined) => Promise<T>) => {
    let kept: { readonly value: T; readonly at: number } | null = null;
    return async (signal: AbortSignal | undefined): Promise<T> => {
      if (kept === null || now() - kept.at > KEPT_MS) kept = { value: await read(signal), at: now() };
      return kept.value;
    };
  };
  const me = keep(async (signal) => (await client.get({ path: 'users/me', schema: meReplySchema, signal })).body.user);
  const fields = keep(async (signal) => {
    const pages = await client.list({ path: 'ticket_fields', schema: fieldsReplySchema, signal });
    return pages.flatMap((page) => page.ticket_fields);
  });
  const brands = keep(async (signal) => {
    const pages = await client.list({ path: 'brands', schema: brandsReplySchema, signal });
    return new Map(pages.flatMap((page) => page.brands.map(({ id, name }) => [id, name])));
  });
  const statuses = keep(async (signal) => {
    const { body } = await client.get({ path: 'custom_statuses', schema: statusesReplySchema, signal });
    return new Map(body.custom_statuses.map(({ id, agent_label }) => [id, agent_label]));
  });
  const needsBrands = shared.brands.some((name) => !isId(name));
  const needsStatuses = shared.statuses.some((name) => !isId(name) && !builtInStatuses.has(name.toLowerCase()));
  return {
    me,
    fields,
    async fieldFor(use, signal) {
      const named = shared.customFields[use];
      return named === undefined ? undefined : findField(await fields(signal), named);
    },
    async namesOf({ brand_id, custom_status_id }, signal) {
      return {
        brand: needsBrands && brand_id != null ? (await brands(signal)).get(brand_id) : undefined,
        status: needsStatuses && custom_status_id != null ? (await statuses(signal)).get(custom_status_id) : undefined,
      };
    },
  };
}

export const isId = (text: string) => /^\d{1,20}$/.test(text);
export const builtInStatuses: ReadonlySet<string> = new Set(['new', 'open', 'pending', 'hold', 'solved', 'closed']);

/** By id, or by title where no field has that id. */
export function findField(fields: readonly ZendeskField[], named: string): ZendeskField | undefined {
  return fields.find(({ id }) => String(id) === named) ?? fields.find(({ title }) => isSameName(title, named));
}
