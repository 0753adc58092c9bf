import { describe, expect, test } from 'vitest';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import type { Place } from '../../ticket/helpdesk-ticket.ts';
import { findDifferences, findWritten, findWrittenFields, planChange, planTarget } from './plan-change.ts';
import type { RtTicket } from './schemas.ts';

const at = '2026-11-27T10:00:00Z';
const field = (id: string, name: string, ...values: string[]) => ({ id, name, values });
const ticket: RtTicket = {
  id: '7',
  Subject: 'Parcel',
  Status: 'open',
  Queue: { id: '3', Name: 'Inbox' },
  Owner: { id: 'Nobody' },
  Priority: '0',
  Created: at,
  LastUpdated: at,
  Requestor: [],
  CustomFields: [field('2', 'Category', 'old'), field('8', 'Tags', 'vip')],
  _hyperlinks: [],
};
const place = { intentField: 'Category', tagsField: 'Tags', closed: [] };
const context = {
  priorities: { low: 0, normal: 50, high: 100, urgent: 100 },
  customFields: { intent: 'Category', urgency: 'Urgency' },
  place,
};
const target = (options: { classification?: object; decision?: object; tagsField?: string | undefined } = {}) =>
  planTarget({
    request: {
      ticket: { id: 't-1', body: 'x' },
      classification: sampleClassification({ intent: 'billing/refund', ...options.classification }),
      decision: sampleDecision({ id: 'd-1', tags: ['vip', 'refund'], ...options.decision }),
      owner: 'Billing',
      based: null,
      note: 'x',
    },
    queue: '4',
    context: { ...context, place: { ...place, ...('tagsField' in options && { tagsField: options.tagsField }) } },
  });

describe('planning a change', () => {
  test('names what differs, and tags are those that are there and ours', () => {
    expect(planChange({ ticket, target: target(), tagsField: 'Tags' })).toEqual({
      Queue: '4',
      Priority: 50,
      CustomFields: { 2: 'billing/refund', Urgency: 'normal', 8: ['vip', 'refund'] },
    });
    const done = {
      ...ticket,
      Queue: { id: '4' },
      Priority: '50',
      CustomFields: [
        field('2', 'Category', 'billing/refund'),
        field('9', 'urgency', 'normal'),
        field('8', 'Tags', 'refund', 'x', 'vip'),
      ],
    };
    expect(planChange({ ticket: done, target: target(), tagsField: 'Tags' })).toBeNull();
    expect(findDifferences({ ticket: done, target: target(), place })).toEqual([]);
  });

  test('leaves out tags without a field for them, and the guess of an engine that abstained', () => {
    const abstained = target({ classification: { abstained: true, abstainReason: 'not sure' }, tagsField: undefined });
    expect(abstained).toMatchObject({ tags: [], fields: [{ field: 'Urgency', value: 'normal' }] });
  });

  test('the confidence is rounded down, as in the note', () => {
    const request = {
      ticket: { id: 't-1', body: 'x' },
      classification: sampleClassification({ intent: 'billing/refund', confidence: 0.998 }),
      ...{ decision: sampleDecision({ id: 'd-1' }), owner: null, based: null, note: 'x' },
    };
    const confident = { ...context, customFields: { confidence: 'Confidence' } };
    expect(planTarget({ request, queue: null, context: confident }).fields).toEqual([
      { field: 'Confidence', value: '0.99' },
    ]);
  });

  test('what is not as it should be is said, with what was found', () => {
    expect(findDifferences({ ticket, target: target(), place })).toEqual([
      expect.stringMatching(/^the queue is Inbox and not 4 /),
      expect.stringMatching(/^the priority is 0 and not 50 /),
      expect.stringMatching(/^the custom field Category is old and not billing\/refund /),
      expect.stringMatching(/^the custom field Urgency is empty and not normal /),
      expect.stringMatching(/^the custom field Tags is vip and not vip, refund /),
    ]);
  });

  test('only what a delivery has changed counts as written', () => {
    const before: Place = { group: '3', assignee: null, status: 'new', priority: '0', tags: ['vip'], intent: null };
    const after: Place = { ...before, group: '4', status: 'open', tags: ['vip', 'refund'] };
    expect(findWritten(before, after, target())).toEqual({
      before: { group: '3', tags: ['vip'] },
      after: { group: '4', tags: ['vip', 'refund'] },
    });
    expect(findWritten(before, after, null)).toEqual({ before: {}, after: {} });
  });

  test('custom fields are noted as they were before the decision, also where the delivery runs again', () => {
    const withUrgency = (...values: string[]) => ({ ...ticket, CustomFields: [field('9', 'Urgency', ...values)] });
    const after = withUrgency('normal');
    const options = { after, target: target(), intentField: 'Category', stamp: '20', self: 'bot' };
    const urgency = (before: string | null) => [{ field: 'Urgency', before, after: 'normal' }];
    expect(findWrittenFields({ ...options, thread: { ticket: withUrgency(), transactions: [] } })).toEqual(
      urgency(null),
    );
    const change = (id: number, OldValue: string, NewValue: string) => ({
      ...{ id, Type: 'CustomField', Field: '9', OldValue, NewValue },
      ...{ Creator: { id: 'bot' }, Created: at, ObjectId: '7' },
    });
    const transactions = [change(19, '', 'low'), change(21, 'low', 'normal')];
    expect(findWrittenFields({ ...options, thread: { ticket: after, transactions } })).toEqual(urgency('low'));
    expect(findWrittenFields({ ...options, thread: { ticket: after, transactions: [] } })).toEqual([]);
    expect(findWrittenFields({ ...options, target: null, thread: { ticket: after, transactions } })).toEqual([]);
  });
});
