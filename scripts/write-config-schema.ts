// Writes switchboard.schema.json, which editors use to complete and check switchboard.yaml.
//   npm run config-schema
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../src/config/config-json-schema.ts';

const file = fileURLToPath(new URL('../switchboard.schema.json', import.meta.url));
const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url));
writeFileSync(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
execFileSync(biome, ['format', '--write', file], { stdio: 'inherit' });
