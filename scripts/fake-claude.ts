// TEST DOUBLE: starts the fake of the Messages API on a loopback port, for trying things by hand.
//   node scripts/fake-claude.ts --port 4010 [--latency-ms 300] [--fault stall-in-body]
// then, in another terminal:
//   ANTHROPIC_BASE_URL=http://127.0.0.1:4010 ANTHROPIC_API_KEY=test npx switchboard route --classifier claude --text "…"
// Its answers count shared words. Nothing that it answers says anything about Claude.
import { parseArgs } from 'node:util';
import { startFakeClaude } from '../src/testing/fake-claude.ts';
import { namedFaults } from '../src/testing/fake-claude-faults.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    'latency-ms': { type: 'string', default: '0' },
    fault: { type: 'string' },
  },
});
const fault = values.fault === undefined ? null : namedFaults[values.fault];
if (fault === undefined) {
  process.stderr.write(`--fault ${values.fault} is not known. Choose of: ${Object.keys(namedFaults).join(', ')}\n`);
  process.exit(2);
}
const fake = await startFakeClaude({ port: Number(values.port), latencyMs: Number(values['latency-ms']) });
fake.always(fault);
process.stderr.write(
  `Test double of the Messages API on ${fake.url} (any key). Its answers count shared words; they are not Claude's.\n`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void fake.close().then(() => process.exit(0)));
}
