import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configJsonSchema } from './config-json-schema.ts';

test('switchboard.schema.json matches the schema in the code (if not, run: npm run config-schema)', () => {
  const written: unknown = JSON.parse(readFileSync(new URL('../../switchboard.schema.json', import.meta.url), 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
