import { SwitchboardError } from '../../errors.ts';

export type Finding = {
  readonly check: string;
  /** `note`: fine as it is, worth knowing. */
  readonly status: 'ok' | 'note' | 'failed';
  readonly detail: string;
};

/** What `look` says, or what our own error says. */
export async function findingOf(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, status: 'ok', detail: await look() };
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return { check, status: 'failed', detail: error.message };
  }
}
