import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineConnector } from '../connectors/definition.ts';
import { formatProblem } from '../errors.ts';
import { findWrittenSecrets } from './connector-secrets.ts';
import { readEnvironment } from './environment.ts';

const never = () => Promise.reject(new Error('nothing is built here'));
const about = { title: 'A helpdesk', rights: [], limits: [] };
const definitions = [
  defineConnector({
    type: 'desk-of-two',
    description: 'A helpdesk with two secrets.',
    settings: z.strictObject({}),
    secrets: [
      { name: 'TOKEN', required: true, description: 'a token' },
      { name: 'WEBHOOK_SECRET', required: false, description: 'a secret' },
    ],
    about,
    create: never,
  }),
  defineConnector({
    type: 'file',
    description: 'No secrets.',
    settings: z.strictObject({}),
    secrets: [],
    about,
    create: never,
  }),
];
const fileValue = { connectors: { 'my-desk': { type: 'desk-of-two' }, api: { type: 'file' } } };
const read = (env: Record<string, string>, value: unknown = fileValue) => {
  const { problems, ...rest } = readEnvironment({ env, fileValue: value, definitions });
  return { ...rest, problems: problems.map(formatProblem) };
};

test('secrets of configured connectors are read, and are not among the settings', () => {
  const env = {
    SWITCHBOARD_CONNECTORS__MY_DESK__TOKEN: ' abc ',
    SWITCHBOARD_CONNECTORS__MY_DESK__WEBHOOK_SECRET: '',
  };
  expect(read(env)).toEqual({ settings: [], connectorSecrets: { 'my-desk': { TOKEN: 'abc' } }, problems: [] });
});

test('the type of a connector may come from the environment, too', () => {
  const env = {
    SWITCHBOARD_CONNECTORS__DESK__TYPE: 'desk-of-two',
    SWITCHBOARD_CONNECTORS__DESK__TOKEN: 'abc',
  };
  expect(read(env, { connectors: { desk: {} } })).toMatchObject({
    connectorSecrets: { desk: { TOKEN: 'abc' } },
    problems: [],
  });
});

test('secrets of connectors that do not exist, or that need none, are refused with a suggestion', () => {
  expect(
    read({
      SWITCHBOARD_CONNECTORS__MY_DESC__TOKEN: 'abc',
      SWITCHBOARD_CONNECTORS__MY_DESK__TOKN: 'abc',
      SWITCHBOARD_CONNECTORS__API__MODUS: 'auto',
      SWITCHBOARD_CONNECTORS__API__PASSWORD: 'abc',
      SWITCHBOARD_TOKENS: 'abc',
    }),
  ).toEqual({
    settings: [],
    connectorSecrets: {},
    problems: [
      'environment variable SWITCHBOARD_CONNECTORS__MY_DESC__TOKEN: there is no such setting. Did you mean "SWITCHBOARD_CONNECTORS__MY_DESK__TOKEN"?',
      'environment variable SWITCHBOARD_CONNECTORS__MY_DESK__TOKN: there is no such setting. Did you mean "SWITCHBOARD_CONNECTORS__MY_DESK__TOKEN"?',
      'environment variable SWITCHBOARD_CONNECTORS__API__MODUS: there is no such setting. Did you mean "SWITCHBOARD_CONNECTORS__API__MODE"?',
      'environment variable SWITCHBOARD_CONNECTORS__API__PASSWORD: there is no such setting. Unset it, or look up the right name in docs/configuration.md.',
      'environment variable SWITCHBOARD_TOKENS: there is no such setting. Did you mean "SWITCHBOARD_TOKEN"?',
    ],
  });
});

test('a secret in the file is refused with the name of the variable for it', () => {
  const connectors = {
    desk: { type: 'desk-of-two', apiToken: 'a', webhookSecret: 'b', password: 'c', mode: 'auto' },
    api: { type: 'file', token: 'd' },
  };
  expect(findWrittenSecrets({ connectors, definitions }).map(({ path, cure }) => `${path.join('.')}: ${cure}`)).toEqual(
    [
      'connectors.desk.apiToken: It is read only from the environment: remove it here and set SWITCHBOARD_CONNECTORS__DESK__TOKEN.',
      'connectors.desk.webhookSecret: It is read only from the environment: remove it here and set SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET.',
      'connectors.desk.password: It is read only from the environment: remove it here and set SWITCHBOARD_CONNECTORS__DESK__TOKEN or SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET.',
      'connectors.api.token: It is read only from the environment: remove it here.',
    ],
  );
});
