// TEST DOUBLE: starts the fake of the Messages API on a loopback port, for trying things by hand.
//   node scripts/fake-claude.ts --port 4010 [--latency-ms 300]
// then, in another terminal:
//   ANTHROPIC_BASE_URL=http://127.0.0.1:4010 ANTHROPIC_API_KEY=test npx switchboard route --classifier claude --text "…"
// Its answers count shared words. Nothing that it answers says anything about Claude.
import { parseArgs } from 'node:util';
import { startFakeClaude } from '../src/testing/fake-claude.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4010' }, 'latency-ms': { type: 'string', default: '0' } },
});
const fake = await startFakeClaude({ port: Number(values.port), latencyMs: Number(values['latency-ms']) });
process.stderr.write(
  `Test double of the Messages API on ${fake.url} (any key). Its answers count shared words; they are not Claude's.\n`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void fake.close().then(() => process.exit(0)));
}
