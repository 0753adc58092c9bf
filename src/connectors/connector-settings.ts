import { z } from 'zod';
import { durationSchema } from '../base/duration.ts';
import { modes } from '../routing/decision.ts';
import type { ConnectorDefinition } from './definition.ts';
import { noteLanguages } from './note-languages.ts';
import { connectorDefinitions } from './registry.ts';

/** At least this long between two polls that found nothing. */
const SHORTEST_POLL_MS = 5_000;
const MAX_NOTE_LENGTH = 5_000;

/** A list of names or ids; one alone needs no brackets. */
const names = z
  .union([z.array(z.coerce.string().min(1)).max(1_000), z.coerce.string().min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]));
const fieldId = z.union([z.string().min(1).max(200), z.number().int().transform(String)]);

/** The fields that connectors of every type have. */
export const sharedFieldsSchema = z.strictObject({
  mode: z
    .enum(modes)
    .default('shadow')
    .describe('shadow: decide, and write nothing; assist: write an internal note only; auto: assign, with the note.'),
  modes: z
    .record(z.string(), z.enum(modes))
    .default({})
    .describe('The mode for an intent or a pattern, for example "account-management/*": auto.'),
  poll: z
    .union([z.literal('off').transform(() => null), durationSchema])
    .refine((ms) => ms === null || ms >= SHORTEST_POLL_MS, 'less than 5s: the helpdesk would do nothing else')
    .prefault('60s')
    .describe('The longest time between two looks at what changed in the helpdesk; off: webhooks only.'),
  groups: names.prefault([]).describe('Only tickets in these groups (name or id) are taken in; all when empty.'),
  queues: names.prefault([]).describe('The same as groups, for helpdesks that call them queues.'),
  brands: names.prefault([]).describe('Only tickets of these brands are taken in; all when empty.'),
  statuses: names.prefault([]).describe('Only tickets in these statuses are taken in; all when empty.'),
  note: z
    .string()
    .min(1)
    .max(MAX_NOTE_LENGTH)
    .optional()
    .describe('Template of the internal note, with fields in braces such as {intent}; docs/connectors.md lists them.'),
  noteLanguage: z
    .enum(noteLanguages)
    .default('en')
    .describe('Language of the agents: that of the note, where `note` gives no template.'),
  customFields: z
    .strictObject({
      intent: fieldId.optional(),
      confidence: fieldId.optional(),
      urgency: fieldId.optional(),
      language: fieldId.optional(),
    })
    .default({})
    .describe("The helpdesk's own fields (name or id) that get intent, confidence, urgency and language."),
});
export type SharedFields = z.infer<typeof sharedFieldsSchema>;

/** An entry of `connectors:`. It also has the fields of its type. */
export type ConnectorSettings = { readonly type: string } & SharedFields;

/** Returns the fields of an entry that connectors of every type have. */
export function sharedOf(entry: ConnectorSettings): SharedFields {
  const { mode, modes, poll, groups, queues, brands, statuses, note, noteLanguage, customFields } = entry;
  return {
    ...{ mode, modes, poll, groups, queues, brands, statuses, noteLanguage, customFields },
    ...(note !== undefined && { note }),
  };
}

type ConnectorInput = { readonly type: string } & z.input<typeof sharedFieldsSchema> &
  Readonly<Record<string, unknown>>;

/** A connector's name is used in file names, in paths (`/webhooks/NAME`) and in environment variables. */
const nameSchema = z
  .string()
  .regex(/^[a-z0-9-]+$/, 'the name in small letters, digits and dashes, such as help-desk')
  .max(60);

/** The schema of an entry of one type: its own fields, the shared fields, and no others. */
function entrySchema({ type, description, settings }: ConnectorDefinition) {
  return z
    .strictObject({ type: z.literal(type), ...sharedFieldsSchema.shape, ...settings.shape })
    .describe(description);
}

/** The schema of `connectors:` with these types. Throws Error when there are none. */
export function connectorsSchemaOf(definitions: readonly ConnectorDefinition[]) {
  const [first, ...others] = definitions.map(entrySchema);
  if (first === undefined) throw new Error('there is no connector type');
  // The cast: zod has no type for a union built from a list; this is the type that all its members share.
  const entry = z.discriminatedUnion('type', [first, ...others]) as unknown as z.ZodType<
    ConnectorSettings,
    ConnectorInput
  >;
  return z.record(nameSchema, entry);
}

/** The schema of `connectors:` in the configuration, with every type of the registry. */
export const connectorsSchema = connectorsSchemaOf(connectorDefinitions);
