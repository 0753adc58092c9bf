import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { evaluatedFolder } from '../testing/evaluated-folder.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { doctorSchema, setupSchema } from './contract.ts';
import { createHttpServer } from './create-http-server.ts';

test('says what runs here and what doctor finds, without a secret', async () => {
  await using folder = await evaluatedFolder();
  const run = await folder.run({ wrong: [] });
  const { config } = folder;
  const secrets = { ...config.secrets, token: 'a-secret-of-the-server', anthropicApiKey: null };
  const app = createStubHttpApp({ config: { ...config, secrets } });
  const server = await createHttpServer({
    app,
    access: { host: '127.0.0.1', allowedHosts: [], token: null },
    requestsPerMinute: 1_000,
    log: silentLogger,
    version: '0.0.0-test',
  });
  const get = async (url: string) => {
    const response = await server.inject({ method: 'GET', url, headers: { host: '127.0.0.1' } });
    expect(response.body).not.toContain('a-secret');
    return response.json();
  };
  const setup = setupSchema.parse(await get('/v1/setup'));
  expect(setup).toMatchObject({ version: '0.0.0-test', config: config.file, isSample: false, redaction: true });
  // Most of its criteria are not measured, so it has not passed.
  expect(setup.next.find(({ id }) => id === 'evaluation')).toMatchObject({ done: false, run });
  const { ok, findings } = doctorSchema.parse(await get('/v1/doctor'));
  expect(ok).toBe(true);
  expect(findings.map(({ check }) => check)).toContain('taxonomy');
  await server.close();
});
