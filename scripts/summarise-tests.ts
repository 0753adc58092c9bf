// Adds up the reports of report-tests.ts and ends with one line: N passed, N failed, N skipped.
//   summarise-tests.ts [--failed-step NAME]… [--failed-run REPORT]… REPORT…
// A test that one report skipped (no server) and another ran counts once, by its result. Each error that no test caught is
// a failure, and so are a step of CI that failed, and a run of tests that failed although nothing in its report did.
// A test that found that it does not apply, because the connector has no such method, counts as none.
// With CI=true, a test that no report ran is a failure, because CI has every server.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const reportSchema = z.object({
  files: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      tests: z.array(z.object({ name: z.string(), state: z.string() })),
    }),
  ),
  unhandledErrors: z.array(z.object({ name: z.string(), message: z.string() })),
});
export type TestReport = z.infer<typeof reportSchema>;

type Outcome = 'passed' | 'failed' | 'skipped';
const rank: Record<Outcome, number> = { skipped: 0, passed: 1, failed: 2 };

/**
 * Returns the outcome of each test by file and name over all reports, in the order in which they were made. A skipped
 * test that a later report of the same file no longer lists only named the missing server, so it is dropped.
 */
export function mergeReports(reports: readonly unknown[]): Map<string, Outcome> {
  const files = new Map<string, Map<string, Outcome>>();
  const uncaught: [string, Outcome][] = [];
  for (const report of reports) {
    const { files: found, unhandledErrors } = reportSchema.parse(report);
    for (const file of found) {
      const tests = [...file.tests];
      // A file that failed before its first test, or whose process ended, must still count as failed.
      if (file.state !== 'passed' && file.state !== 'skipped' && tests.every(({ state }) => state !== 'failed')) {
        tests.push({ name: '(the file itself)', state: 'failed' });
      }
      const before = files.get(file.name) ?? new Map<string, Outcome>();
      const outcomes = new Map([...before].filter(([, outcome]) => outcome !== 'skipped'));
      for (const { name, state } of tests) {
        if (state === 'not-applicable') continue;
        const outcome: Outcome = state === 'passed' || state === 'failed' ? state : 'skipped';
        const known = outcomes.get(name) ?? 'skipped';
        outcomes.set(name, rank[outcome] >= rank[known] ? outcome : known);
      }
      files.set(file.name, outcomes);
    }
    for (const { name, message } of unhandledErrors) {
      uncaught.push([
        `an error that no test caught (${uncaught.length + 1}): ${name}: ${message.split('\n')[0]}`,
        'failed',
      ]);
    }
  }
  return new Map([
    ...[...files].flatMap(([file, tests]) =>
      [...tests].map(([name, outcome]): [string, Outcome] => [`${file} > ${name}`, outcome]),
    ),
    ...uncaught,
  ]);
}

/** What failed without a failed test: steps, and runs whose report is missing or names no failure. */
export function failuresWithoutTest(options: {
  steps: readonly string[];
  /** By the name of the report; null where a run wrote none. */
  runs: ReadonlyMap<string, { readonly report: unknown; readonly hasFailed: boolean }>;
}): string[] {
  const runs = [...options.runs].flatMap(([name, { report, hasFailed }]) => {
    if (report === null) return [`the tests of ${name}: they wrote no report`];
    const isNamed = [...mergeReports([report]).values()].includes('failed');
    return hasFailed && !isNamed ? [`the tests of ${name}: Vitest failed, but no test did`] : [];
  });
  return [...options.steps.map((step) => `the step "${step}"`), ...runs];
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'failed-step': { type: 'string', multiple: true, default: [] },
      'failed-run': { type: 'string', multiple: true, default: [] },
    },
  });
  const runs = new Map(
    positionals.map((file) => {
      const report: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
      return [basename(file), { report, hasFailed: values['failed-run'].includes(file) }];
    }),
  );
  const outcomes = mergeReports([...runs.values()].flatMap(({ report }) => (report === null ? [] : [report])));
  const named = (wanted: Outcome) => [...outcomes].filter(([, outcome]) => outcome === wanted).map(([name]) => name);
  const failed = [...named('failed'), ...failuresWithoutTest({ steps: values['failed-step'], runs })];
  const skipped = named('skipped');
  for (const name of failed) console.log(`failed: ${name}`);
  for (const name of skipped) console.log(`skipped: ${name}`);
  if (failed.length > 0 || outcomes.size === 0 || (process.env.CI === 'true' && skipped.length > 0))
    process.exitCode = 1;
  console.log(`${named('passed').length} passed, ${failed.length} failed, ${skipped.length} skipped`);
}
