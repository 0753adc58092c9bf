import { describe, expect, test } from 'vitest';
import { claudeSettings } from '../../testing/claude-fixtures.ts';
import { wilsonLowerBound } from '../calibration/wilson-bound.ts';
import { certainties } from '../classifier.ts';
import { type CertaintyCounts, findCounts, shippedCounts } from './certainty-counts.ts';
import { createConfidenceTable } from './confidence.ts';
import { promptDesign } from './prompt-book.ts';

const clean = { right: 970, of: 1_000 };
const noisy = { right: 480, of: 1_000 };
const shipped = createConfidenceTable({ model: 'claude-haiku-5-5', prompt: promptDesign(claudeSettings) });
const own: CertaintyCounts = {
  model: 'claude-haiku-5-5',
  date: '2027-01',
  prompt: 'p-1',
  origin: 'a test',
  cells: [
    { certainty: 'sure', desk: 'any', right: 98, of: 98 },
    { certainty: 'likely', desk: 'any', right: 60, of: 98 },
  ],
};

describe('the counts that ship', () => {
  test('say whose answers to which requests they are, and add up to all answers', () => {
    for (const { model, date, prompt, origin, cells } of shippedCounts) {
      expect([model, date, prompt, origin].every((field) => field !== '')).toBe(true);
      expect(cells.every(({ right, of }) => right <= of)).toBe(true);
    }
    expect(shippedCounts[0]).toMatchObject({ date: '2026-11', origin: expect.stringContaining('stand-in') });
    expect(shippedCounts[0]?.cells.reduce((sum, { of }) => sum + of, 0)).toBe(992);
  });

  test('count as measured only for their own model and prompt', () => {
    const all = [...shippedCounts, own];
    expect(findCounts({ model: 'claude-haiku-5-5', prompt: 'p-1', all })).toEqual({ counts: own, isMeasured: true });
    expect(findCounts({ model: 'anthropic.claude-haiku-5-5', prompt: 'p-1', all }).isMeasured).toBe(true);
    for (const other of [{ prompt: 'p-2' }, { model: 'claude-sonnet-5-5' }]) {
      const found = findCounts({ model: 'claude-haiku-5-5', prompt: 'p-1', all, ...other });
      expect(found).toEqual({ counts: shippedCounts[0], isMeasured: false });
    }
  });
});

describe('the confidence before a calibration', () => {
  test('is the lower bound of the counts where they are of another model or prompt', () => {
    expect(shipped({ certainty: 'sure', heldOut: clean })).toBe(wilsonLowerBound({ right: 723, of: 728 }));
    expect(shipped({ certainty: 'likely', heldOut: clean })).toBe(wilsonLowerBound({ right: 63, of: 71 }));
    expect(shipped({ certainty: 'unsure', heldOut: clean })).toBe(wilsonLowerBound({ right: 14, of: 51 }));
    expect(shipped({ certainty: 'none_fits', heldOut: clean })).toBe(wilsonLowerBound({ right: 8, of: 25 }));
  });

  test('is the share of the counts where they are of this model and prompt', () => {
    const table = createConfidenceTable({ model: own.model, prompt: own.prompt, all: [...shippedCounts, own] });
    expect(table({ certainty: 'sure', heldOut: clean })).toBe(0.99);
    expect(table({ certainty: 'likely', heldOut: clean })).toBe(0.61);
    expect(table({ certainty: 'unsure', heldOut: clean })).toBe(0);
  });

  test('of likely and unsure answers falls with the held-out accuracy of the embedded engine; that of sure ones does not', () => {
    expect(shipped({ certainty: 'likely', heldOut: noisy })).toBeCloseTo(wilsonLowerBound({ right: 58, of: 117 }));
    const between = { right: 650, of: 1_000 };
    for (const certainty of ['likely', 'unsure'] as const) {
      const values = [clean, between, noisy].map((heldOut) => shipped({ certainty, heldOut }));
      expect(values).toEqual(values.toSorted((a, b) => b - a));
      expect(new Set(values).size).toBe(3);
    }
    expect(shipped({ certainty: 'sure', heldOut: noisy })).toBe(shipped({ certainty: 'sure', heldOut: clean }));
  });

  test('is that of a noisy desk where the embedded engine knows nothing, or too little to tell', () => {
    const unknown = shipped({ certainty: 'likely', heldOut: null });
    expect(unknown).toBe(shipped({ certainty: 'likely', heldOut: noisy }));
    expect(shipped({ certainty: 'likely', heldOut: { right: 5, of: 5 } })).toBeLessThan(
      shipped({ certainty: 'likely', heldOut: clean }),
    );
  });

  test('is higher the surer the answer', () => {
    const values = certainties.map((certainty) => shipped({ certainty, heldOut: clean }));
    expect(values.slice(0, 3)).toEqual(values.slice(0, 3).toSorted((a, b) => b - a));
  });
});
