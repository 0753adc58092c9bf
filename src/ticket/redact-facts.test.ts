import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { redact } from './redact-ticket.ts';

// In the fixtures, ‹what is personal› is marked. It must go, and every other character must stay.

const requesterSchema = z.strictObject({ name: z.string().optional(), email: z.string().optional() });
const factSchema = z.union([z.string(), z.strictObject({ requester: requesterSchema, body: z.string() })]);

const folder = new URL('fixtures/redaction/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  kind: name.replace('.yaml', ''),
  facts: z
    .array(factSchema)
    .parse(parse(readFileSync(new URL(name, folder), 'utf8')))
    .map((fact) => (typeof fact === 'string' ? { marked: fact } : { marked: fact.body, requester: fact.requester })),
}));

/** Names and initials of one person in a row may have one placeholder or several. */
const joined = (text: string) => text.replace(/\[\*\](?:[\s,.'’-]*\[\*\])+/g, '[*]');

describe.each(files)('$kind', ({ facts }) => {
  test.each(facts)('$marked', ({ marked, ...rest }) => {
    const body = marked.replace(/[‹›]/g, '');
    const shown = redact({ ticket: { id: 't', body, ...rest }, texts: [] }).ticket.body ?? '';
    expect(joined(shown.replace(/\[[A-Z]+_\d+\]/g, '[*]'))).toBe(joined(marked.replace(/‹[^›]*›/g, '[*]')));
  });
});
