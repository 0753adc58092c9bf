import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { ConnectorError } from '../../errors.ts';
import type { Connector } from '../connector.ts';
import { createDecisionFile } from './decision-file.ts';
import type { fileSettingsSchema } from './definition.ts';
import { mapDelivery } from './map-delivery.ts';

/** Appends each decision to a file, one JSON line each, once. */
export function createFileConnector(options: {
  name: string;
  dataDir: string;
  settings: z.infer<typeof fileSettingsSchema>;
  now?: () => Date;
}): Connector {
  const { name, dataDir, settings, now = () => new Date() } = options;
  const path = settings.path === undefined ? join(dataDir, 'outbox', `${name}.jsonl`) : resolve(dataDir, settings.path);
  const file = createDecisionFile(path);
  return {
    name,
    type: 'file',
    async deliver(request) {
      try {
        const isNew = await file.append(mapDelivery(request, now()));
        return { state: 'delivered', detail: isNew ? `appended to ${path}` : `was in ${path} already` };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
        throw new ConnectorError({
          connector: name,
          retryable: true,
          message: `The connector "${name}" could not append to ${path} (${code}). Check that this account may write there and that the disk has room.`,
          cause: error,
        });
      }
    },
    close: () => file.close(),
  };
}
