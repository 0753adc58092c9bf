import { z } from 'zod';
import { defineConnector } from '../definition.ts';

export const fileSettingsSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .optional()
    .describe('The file to append to, relative to the data folder; outbox/NAME.jsonl when left out.'),
});

export const fileConnector = defineConnector({
  type: 'file',
  description: 'Appends each decision to a file as one JSON line.',
  settings: fileSettingsSchema,
  secrets: [],
  about: {
    title: 'File',
    rights: ['The account that runs Switchboard may write the file.'],
    limits: ['Nothing is read from it, and nothing is taken back.'],
  },
  unusedFields: ['poll', 'groups', 'queues', 'brands', 'statuses', 'note', 'noteLanguage', 'customFields'],
  async create(context) {
    const { createFileConnector } = await import('./create-file-connector.ts');
    return createFileConnector(context);
  },
});
