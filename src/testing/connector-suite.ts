import { describe } from 'vitest';
import { describeChanges } from './connector-suite/changes.ts';
import { describeDelivering } from './connector-suite/delivering.ts';
import { describeReading } from './connector-suite/reading.ts';
import type { OpenDesk } from './connector-suite/test-desk.ts';
import { describeUndoing } from './connector-suite/undoing.ts';
import { describeUpkeep } from './connector-suite/upkeep.ts';
import { describeWebhooks } from './connector-suite/webhooks.ts';

export type { TestDesk } from './connector-suite/test-desk.ts';

/**
 * Tests that every connector must pass. Each test opens a desk of its own. Tests of a method that a connector does not have
 * are skipped, and say so.
 */
export function describeConnector(name: string, open: OpenDesk): void {
  describe(`${name} as a connector`, () => {
    describe('receiving webhooks', () => describeWebhooks(open));
    describe('listing changes', () => describeChanges(open));
    describe('reading tickets', () => describeReading(open));
    describe('delivering', () => describeDelivering(open));
    describe('undoing', () => describeUndoing(open));
    describe('itself', () => describeUpkeep(open));
  });
}
