import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { codeOf } from '../../base/safe-error.ts';
import { say } from '../../base/say.ts';
import { ConnectorError } from '../../errors.ts';
import type { Connector } from '../connector.ts';
import { createDecisionFile } from '../decision-file.ts';
import { eraseLines } from '../erase-lines.ts';
import type { fileSettingsSchema } from './definition.ts';
import { mapDelivery } from './map-delivery.ts';

/** Builds a connector that appends each decision to a file as one JSON line. It throws ConnectorError. */
export function createFileConnector(options: {
  name: string;
  dataDir: string;
  settings: z.infer<typeof fileSettingsSchema>;
  now?: () => Date;
}): Connector {
  const { name, dataDir, settings, now = () => new Date() } = options;
  const path = settings.path === undefined ? join(dataDir, 'outbox', `${name}.jsonl`) : resolve(dataDir, settings.path);
  const file = createDecisionFile(path);
  const failed = (doing: string, error: unknown) =>
    new ConnectorError({
      connector: name,
      retryable: true,
      message: `The connector "${name}" could not ${doing} ${path} (${codeOf(error) ?? 'unknown error'}). Check that this account may write there and that the disk has room.`,
      cause: error,
    });
  let erasing: Promise<unknown> = Promise.resolve();
  return {
    name,
    type: 'file',
    async deliver(request) {
      try {
        const isNew = await file.append(mapDelivery(request, now()));
        const { text, facts } = isNew
          ? say('delivery.appended', `appended to ${path}`, { path })
          : say('delivery.already-there', `was already in ${path}`, { path });
        return { state: 'delivered', detail: text, detailFacts: facts };
      } catch (error) {
        throw failed('append to', error);
      }
    },
    async erase({ ticketIds }) {
      const work = eraseLines({ path, ticketIds: new Set(ticketIds) });
      erasing = Promise.allSettled([erasing, work]);
      try {
        await work;
      } catch (error) {
        throw failed('erase tickets from', error);
      }
    },
    async close() {
      await erasing;
      await file.close();
    },
  };
}
