// A reporter for Vitest: writes the outcome of each test, and the errors that no test caught, to the file that TEST_REPORT
// names. Vitest's own JSON report leaves such errors out.
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { TestReport } from './summarise-tests.ts';

type UnhandledErrors = Parameters<NonNullable<Reporter['onTestRunEnd']>>[1];

export default class ReportTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: UnhandledErrors): void {
    const file = process.env.TEST_REPORT;
    if (file === undefined) throw new Error('TEST_REPORT is not set: name the file for the report of this run');
    const report: TestReport = {
      files: modules.map((module) => ({
        name: module.relativeModuleId,
        state: module.state(),
        tests: [...module.children.allTests()].map((test) => ({ name: test.fullName, state: stateOf(test) })),
      })),
      unhandledErrors: unhandledErrors.map(({ name, message }) => ({ name: name ?? 'Error', message })),
    };
    writeFileSync(file, JSON.stringify(report));
  }
}

/** A test that skips itself says why it does not apply; one that lacks a server is skipped before it runs. */
function stateOf(test: TestCase): string {
  const result = test.result();
  return result.state === 'skipped' && result.note !== undefined ? 'not-applicable' : result.state;
}
