import { expect, test } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { connectorsSchema } from '../../connectors/connector-settings.ts';
import { warnOfHelpdesks } from './warn-of-helpdesks.ts';

test('a helpdesk that cannot be reached is a warning, and no error', async () => {
  const warned: string[] = [];
  const rt = { type: 'request-tracker', url: 'http://127.0.0.1:9', mode: 'shadow' };
  const config = {
    settings: { connectors: connectorsSchema.parse({ rt, api: { type: 'file' } }), teams: [], dataDir: '/nowhere' },
    secrets: { connectors: { rt: { TOKEN: '1-2-3' } } },
  };
  const logger = { ...silentLogger, warn: (_: unknown, message: string) => void warned.push(message) };
  await warnOfHelpdesks(config as never, logger);
  expect(warned).toEqual([expect.stringMatching(/^connector rt: .*127\.0\.0\.1:9/)]);
});
