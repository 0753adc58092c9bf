import type { Saying } from '../base/say.ts';
import { SwitchboardError } from '../errors.ts';

/** One line of `doctor`. */
export type Finding = {
  /** What was checked: `node`, `config`, `taxonomy`, `engine`, `store`, … */
  readonly check: string;
  /** `note`: nothing must be fixed, but it is worth knowing. `failed`: something must be fixed. */
  readonly status: 'ok' | 'note' | 'failed';
  readonly detail: string;
  /** The detail as facts; missing where it is a problem of the configuration or the words of somebody else. */
  readonly detailFacts?: Saying['facts'];
};

export const finding = (check: string, status: Finding['status'], { text, facts }: Saying): Finding => ({
  ...{ check, status, detail: text, detailFacts: facts },
});

/** Calls `examine` for the detail of a finding; when it throws a `SwitchboardError`, the finding is that it failed. */
export async function findingOf(check: string, examine: () => Promise<Saying>): Promise<Finding> {
  try {
    return finding(check, 'ok', await examine());
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return { check, status: 'failed', detail: error.message };
  }
}
