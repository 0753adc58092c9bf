import { type MessagePort, parentPort } from 'node:worker_threads';
import { returnMemory, returnMemoryAtRest } from '../../../base/return-memory.ts';
import { yieldToOtherThreads } from '../../../base/thread-priority.ts';
import { openEncoder } from '../encoder-thread/encoder-client.ts';
import { ExampleReader } from './example-reader.ts';
import type { SearchMessage, SearchRequest } from './protocol.ts';

// Entry point of the search thread: handles requests of the engine and, on a port of their own, searches of the main thread.

const reader = new ExampleReader();

async function handle(request: SearchRequest): Promise<unknown> {
  switch (request.call) {
    case 'open':
      if (request.input.port !== null) serve(request.input.port);
      return null;
    case 'startEncoder': {
      const encoder = await openEncoder({ model: request.input.model });
      reader.useEncoder(encoder);
      setImmediate(returnMemory); // The examples and the encoder's model have come in pieces.
      return { id: encoder.id, model: encoder.model };
    }
    case 'put':
      reader.put(request.input.examples);
      return null;
    case 'remove':
      reader.remove(request.input.ids);
      return null;
    case 'setVectors':
      reader.setVectors(request.input);
      return null;
    case 'readMany':
      return reader.readMany(request.input.texts);
    case 'find':
      return reader.find(request.input);
    case 'search':
      return reader.search(request.input);
    case 'encode':
      return reader.encode(request.input.texts);
    default:
      return request satisfies never;
  }
}

type Port = Pick<MessagePort, 'on' | 'postMessage'>;

function serve(port: Port): void {
  const post = (message: SearchMessage) => port.postMessage(message);
  let answers: { readonly id: number; readonly output: unknown }[] = [];
  port.on('message', (request: SearchRequest) => {
    handle(request).then(
      (output) => {
        if (answers.push({ id: request.id, output }) > 1) return;
        // Searches that were done together are answered in one message, which takes less time than one for each.
        process.nextTick(() => {
          post({ kind: 'answers', answers });
          answers = [];
        });
      },
      (error: unknown) =>
        post({ kind: 'failure', id: request.id, message: error instanceof Error ? error.message : String(error) }),
    );
  });
}

yieldToOtherThreads();
returnMemoryAtRest();
if (parentPort !== null) serve(parentPort);
