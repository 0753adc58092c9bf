import { parentPort } from 'node:worker_threads';
import { detectLanguage } from '../../../ticket/detect-language.ts';
import { ExampleSet, prepareExample } from '../../local/example-set.ts';
import { ExactScan } from '../exact-scan.ts';
import type { ScanAnswer, ScanQuestion, ScanReply, ScanRequest } from './scan-protocol.ts';

// Entry point of the worker thread. It keeps the examples of one index and compares a query with each of them.

const examples = new ExampleSet();
const scan = new ExactScan();

const nothing = { found: [], neighbours: [] };

function answer(request: ScanRequest): Omit<ScanReply, 'version'> {
  switch (request.call) {
    case 'put':
      for (const example of request.examples) {
        const prepared = prepareExample(example);
        examples.put(prepared);
        scan.put(prepared);
      }
      return nothing;
    case 'setEmbeddings':
      for (const [id, embedding] of request.embeddings) scan.setEmbedding(id, embedding);
      return nothing;
    case 'remove':
      for (const id of request.ids) {
        examples.remove(id);
        scan.remove(id);
      }
      return nothing;
    case 'search': {
      const { language = detectLanguage(request.search.text) } = request.search;
      const { found, neighbours } = scan.search({ ...request.search, language });
      return { found: found.map(({ id, similarity }) => ({ id, similarity })), neighbours };
    }
    default:
      return request satisfies never;
  }
}

parentPort?.on('message', ({ number, request }: ScanQuestion) => {
  let message: ScanAnswer;
  try {
    message = { number, reply: { ...answer(request), version: examples.version } };
  } catch (error) {
    message = { number, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(message);
});
