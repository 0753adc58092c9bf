import { z } from 'zod';
import { configSchema } from './config-schema.ts';

/** The JSON Schema of `switchboard.yaml`; `scripts/write-config-schema.ts` writes it to `switchboard.schema.json`. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  return {
    ...schema,
    title: 'switchboard.yaml',
    description: 'Configuration of Switchboard, which routes support tickets.',
  };
}
