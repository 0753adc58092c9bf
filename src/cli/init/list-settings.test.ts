import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ConnectorDefinition, defineConnector } from '../../connectors/definition.ts';
import { webhookConnector } from '../../connectors/webhook/definition.ts';
import { listSettings } from './list-settings.ts';

function definitionOf(settings: z.ZodObject, setUp: readonly string[] = []): ConnectorDefinition {
  return defineConnector({
    ...{ type: 'test', description: 'A test.', settings, setUp, secrets: [] },
    about: { title: 'Test', rights: [], limits: [] },
    create: () => Promise.reject(new Error('not built')),
  });
}

test('what is required is listed with its description, its kind and its words', () => {
  const settings = z.strictObject({
    url: z.url().describe('Address of the desk.'),
    port: z.number().int().describe('Port.'),
    format: z.enum(['jsonl', 'csv']).describe('Form of the files.'),
    box: z.strictObject({ name: z.string().describe('Name of the box.'), size: z.number().optional() }),
    labels: z.array(z.string()).describe('Labels.'),
    optional: z.string().optional(),
    defaulted: z.string().default('x'),
  });
  expect(listSettings(definitionOf(settings)).map(({ path, ...rest }) => ({ path: path.join('.'), ...rest }))).toEqual([
    { path: 'url', description: 'Address of the desk', isRequired: true, kind: 'text', words: [] },
    { path: 'port', description: 'Port', isRequired: true, kind: 'number', words: [] },
    { path: 'format', description: 'Form of the files', isRequired: true, kind: 'text', words: ['jsonl', 'csv'] },
    { path: 'box.name', description: 'Name of the box', isRequired: true, kind: 'text', words: [] },
    { path: 'labels', description: 'Labels', isRequired: true, kind: 'texts', words: [] },
  ]);
});

test('what can be left out is listed where the definition asks for it', () => {
  const asked = listSettings(webhookConnector).map(({ path, isRequired, description }) => [
    path.join('.'),
    isRequired,
    description,
  ]);
  expect(asked).toContainEqual(['receive.id', false, 'Where in the body the id of the ticket is']);
  expect(asked).toContainEqual(['receive.signature.header', false, 'Header with the signature']);
});
