import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noCalibrations } from '../classifiers/calibration/calibrations.ts';
import { loadConfig } from '../config/load-config.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { buildEngine } from './build-engine.ts';

const taxonomy = smallTaxonomy(shopIntents);
let received: string[];
const server = createServer((request, response) => {
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => received.push(chunk));
  request.on('end', () => response.end(JSON.stringify(sampleClassification({ intent: 'billing' }))));
});
let http: string;
beforeEach(async () => {
  received = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a port expected');
  http = `http://127.0.0.1:${address.port}/`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

test.each([
  [{ redaction: true }, {}, '[EMAIL_1]'],
  [{ redaction: true }, { redaction: false }, 'ana@example.org'],
  [{ redaction: false }, {}, 'ana@example.org'],
  [{ redaction: false }, { redaction: true }, '[EMAIL_1]'],
])("with %j and %j of its own, a company's own classifier reads %s", async (settings, own, expected) => {
  const config = await loadConfig({ cwd: '/', env: {}, value: { ...settings, classifier: { http, ...own } } });
  const engine = await buildEngine({ config, taxonomy, examples: [], calibrations: noCalibrations });
  await engine.classifier.classify({ ticket: { id: 't', body: 'Write to ana@example.org' }, taxonomy });
  expect(JSON.parse(received.join('')).ticket.body).toBe(`Write to ${expected}`);
});
