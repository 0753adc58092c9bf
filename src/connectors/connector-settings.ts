import { z } from 'zod';
import { type Mode, modes } from '../routing/decision.ts';
import type { ConnectorDefinition } from './definition.ts';
import { connectorDefinitions } from './registry.ts';

/** The fields that connectors of every type have. */
export const sharedFieldsSchema = z.strictObject({
  mode: z
    .enum(modes)
    .default('shadow')
    .describe('shadow: decide, and write nothing; assist: write an internal note only; auto: assign.'),
  modes: z
    .record(z.string(), z.enum(modes))
    .default({})
    .describe('The mode for an intent or a pattern, for example "account-management/*": auto.'),
});

/** An entry of `connectors:`. It also has the fields of its type. */
export type ConnectorSettings = {
  readonly type: string;
  readonly mode: Mode;
  readonly modes: Readonly<Record<string, Mode>>;
};
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
