import type { ExampleReader } from '../classifiers/local/search-thread/example-reader.ts';
import type { SearchCall, SearchCalls } from '../classifiers/local/search-thread/protocol.ts';
import type { SearchThread } from '../classifiers/local/search-thread/search-client.ts';

/** The search thread of an engine without an encoder, in the thread of the test. */
export function searchInProcess(reader: ExampleReader): SearchThread {
  const calls: { [Call in SearchCall]?: (input: SearchCalls[Call]['input']) => unknown } = {
    put: ({ examples }) => reader.put(examples),
    remove: ({ ids }) => reader.remove(ids),
    setVectors: (input) => reader.setVectors(input),
    find: (input) => reader.find(input),
  };
  return {
    async call(name, input) {
      const handle = calls[name];
      if (handle === undefined) throw new Error(`${name} is not a call that works without an encoder`);
      // Each call returns what `SearchCalls` names for it, or nothing where that is null.
      return (await handle(input)) as SearchCalls[typeof name]['output'];
    },
  };
}
