import { z } from 'zod';
import { type Mode, modes } from '../routing/decision.ts';
import type { ConnectorDefinition } from './definition.ts';
import { connectorDefinitions } from './registry.ts';

/** What all connectors have, whatever their kind. */
export const sharedFieldsSchema = z.strictObject({
  mode: z
    .enum(modes)
    .default('shadow')
    .describe('shadow: decide and write nothing; assist: internal note only; auto: assign.'),
  modes: z
    .record(z.string(), z.enum(modes))
    .default({})
    .describe('Mode by intent or pattern, for example "account-management/*": auto.'),
});

/** An entry of `connectors:`; what else it holds is its kind's own. */
export type ConnectorSettings = {
  readonly type: string;
  readonly mode: Mode;
  readonly modes: Readonly<Record<string, Mode>>;
};
type ConnectorInput = { readonly type: string } & z.input<typeof sharedFieldsSchema> &
  Readonly<Record<string, unknown>>;

/** Names are part of file names, of addresses (`/webhooks/NAME`) and of variables in the environment. */
const nameSchema = z
  .string()
  .regex(/^[a-z0-9-]+$/, 'the name in small letters, digits and dashes, such as help-desk')
  .max(60);

/** The schema of one kind: its own fields and the shared ones, and no others. */
function entrySchema({ type, description, settings }: ConnectorDefinition) {
  return z
    .strictObject({ type: z.literal(type), ...sharedFieldsSchema.shape, ...settings.shape })
    .describe(description);
}

export function connectorsSchemaOf(definitions: readonly ConnectorDefinition[]) {
  const [first, ...others] = definitions.map(entrySchema);
  if (first === undefined) throw new Error('there is no kind of connector');
  // The cast: a union over a list has no type of its own, and this is what all of its members share.
  const entry = z.discriminatedUnion('type', [first, ...others]) as unknown as z.ZodType<
    ConnectorSettings,
    ConnectorInput
  >;
  return z.record(nameSchema, entry);
}

/** `connectors:` of the configuration, by name. */
export const connectorsSchema = connectorsSchemaOf(connectorDefinitions);
