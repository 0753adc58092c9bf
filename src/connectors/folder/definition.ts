import { dirname, extname } from 'node:path';
import { z } from 'zod';
import { defineConnector } from '../definition.ts';

/** How files are written: a ticket a line, a ticket a row, or a mail a file. */
export const folderFormats = ['jsonl', 'csv', 'eml'] as const;
export type FolderFormat = (typeof folderFormats)[number];

/** Endings of the files that are read, in small letters. */
export const extensionsOf: Readonly<Record<FolderFormat, readonly string[]>> = {
  jsonl: ['.jsonl', '.ndjson'],
  csv: ['.csv'],
  eml: ['.eml'],
};

export const folderSettingsSchema = z.strictObject({
  path: z.string().min(1).describe('The folder to watch. Handled files move to done/ and failed/ in it.'),
  format: z
    .enum(folderFormats)
    .default('jsonl')
    .describe('What the files are: jsonl (a ticket a line), csv (a ticket a row) or eml (a mail a file).'),
  out: z
    .string()
    .min(1)
    .optional()
    .describe('The file to append decisions to; outbox/NAME.jsonl in the data folder when left out.'),
});

export const folderConnector = defineConnector({
  type: 'folder',
  description: 'Takes in tickets from files that are put into a folder, and appends each decision to a file.',
  settings: folderSettingsSchema,
  paths: ['path', 'out'],
  secrets: [],
  about: {
    title: 'Folder',
    rights: [
      'The account that runs Switchboard may read and write in the folder, and make the folders done and failed in it.',
      'It may write the file with the decisions.',
    ],
    limits: [
      'A file is read once it has not changed for ten seconds.',
      'Nothing is taken back: a decision stays in the file.',
    ],
  },
  unusedFields: ['brands', 'statuses', 'note', 'noteLanguage', 'customFields'],
  setUp: ['format'],
  findFaults({ settings: { path, format, out } }) {
    const isRead =
      out !== undefined && dirname(out) === path && extensionsOf[format].includes(extname(out).toLowerCase());
    if (!isRead) return [];
    return [
      {
        path: ['out'],
        message: 'the file is in the folder that is watched, so decisions would be read as tickets',
        cure: 'Choose another folder for it.',
      },
    ];
  },
  findDoubts({ shared }) {
    if (shared.poll !== null) return [];
    return [{ path: ['poll'], message: 'with `off`, no file is ever read', cure: 'Write a time, for example 30s.' }];
  },
  async create(context) {
    const { createFolderConnector } = await import('./create-folder-connector.ts');
    return createFolderConnector(context);
  },
});
