// TEST DOUBLE: starts the fake of the Messages API on a loopback port, for trying things by hand.
//   npm run fake-claude -- --port 4010 [--latency-ms 300] [--fault stall-in-body]
// then, in another terminal:
//   ANTHROPIC_BASE_URL=http://127.0.0.1:4010 ANTHROPIC_API_KEY=test npx switchboard route --classifier claude --text "…"
// It answers by counting shared words; its answers say nothing about Claude.
import { parseArgs } from 'node:util';
import { startFakeClaude } from '../src/testing/fake-claude.ts';
import { namedFaults } from '../src/testing/fake-claude-faults.ts';

const usage = `npm run fake-claude -- [--port 4010] [--latency-ms 300] [--fault NAME]
  --fault  one of: ${Object.keys(namedFaults).join(', ')}
Starts a test double of the Messages API on the loopback. Set ANTHROPIC_BASE_URL to its address, and any ANTHROPIC_API_KEY.
`;

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '4010' },
        'latency-ms': { type: 'string', default: '0' },
        fault: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
    return process.exit(2);
  }
}

function readNumber(name: string, text: string, most: number): number {
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  process.stderr.write(`--${name} is "${text}"; it must be a whole number from 0 to ${most}.\n`);
  return process.exit(2);
}

const values = readOptions();
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const port = readNumber('port', values.port, 65_535);
const latencyMs = readNumber('latency-ms', values['latency-ms'], 600_000);
const fault = values.fault === undefined ? null : namedFaults[values.fault];
if (fault === undefined) {
  process.stderr.write(`--fault ${values.fault} is not known. Choose one of: ${Object.keys(namedFaults).join(', ')}\n`);
  process.exit(2);
}
const fake = await startFakeClaude({ port, latencyMs });
fake.always(fault);
process.stderr.write(
  `Test double of the Messages API on ${fake.url} (any key). Its answers count shared words; they are not Claude's.\n`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void fake.close().then(() => process.exit(0)));
}
