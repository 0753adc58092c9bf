import { expect, test } from 'vitest';
import { ticketKeys } from '../../classifiers/calibration/ticket-keys.ts';
import { sampleCalibration } from '../../testing/sample-calibration.ts';
import { findCalibrated } from './find-calibrated.ts';

const seen = { id: 'a', body: 'Where is my parcel?' };
const calibration = {
  ...sampleCalibration({ engine: 'claude', taxonomy: 't', rightOf100: 60, day: 1 }),
  tickets: ticketKeys(seen),
};
const calibrations = { get: (engine: string) => (engine === 'claude' ? calibration : null) };
const place = { calibrations, asked: ['local', 'claude'] } as const;

test('tickets that a calibration was fitted on are found by id and by their words', () => {
  const tickets = [
    { id: 'a', body: 'Something else' },
    { id: 'b', body: 'where IS my   parcel' },
    { id: 'c', body: 'I want a refund' },
  ];
  expect(findCalibrated(place, tickets)).toEqual({ engines: ['claude'], ids: ['a', 'b'] });
});

test('other tickets, and calibrations that do not say what they were fitted on, are no leakage', () => {
  expect(findCalibrated(place, [{ id: 'c', body: 'I want a refund' }])).toBeNull();
  const { tickets: _, ...older } = calibration;
  expect(findCalibrated({ ...place, calibrations: { get: () => older } }, [seen])).toBeNull();
});

test('a calibration of an engine that is not asked is no leakage', () => {
  expect(findCalibrated({ calibrations, asked: ['local'] }, [seen])).toBeNull();
});
