import { SwitchboardError } from '../errors.ts';

/** One line of `doctor`. */
export type Finding = {
  /** What was checked: `node`, `config`, `taxonomy`, `engine`, `store`, … */
  readonly check: string;
  /** `note`: nothing must be fixed, but it is worth knowing. `failed`: something must be fixed. */
  readonly status: 'ok' | 'note' | 'failed';
  readonly detail: string;
};

/** Calls `examine` for the detail of a finding; when it throws a `SwitchboardError`, the finding is that it failed. */
export async function findingOf(check: string, examine: () => Promise<string>): Promise<Finding> {
  try {
    return { check, status: 'ok', detail: await examine() };
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return { check, status: 'failed', detail: error.message };
  }
}
