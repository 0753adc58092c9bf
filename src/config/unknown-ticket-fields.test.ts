import { expect, test } from 'vitest';
import { findUnknownFields } from './unknown-ticket-fields.ts';

test.each([
  [{ langage: 'de' }, [{ path: 'langage', cure: 'Did you mean "language"?' }]],
  [{ slice: ['edge:x'] }, [{ path: 'slice', cure: 'Did you mean "slices"?' }]],
  [{ urgncy: 'high' }, [{ path: 'urgncy', cure: 'Did you mean "urgency"?' }]],
  [{ requester: { teir: 'gold' } }, [{ path: 'requester.teir', cure: 'Did you mean "tier"?' }]],
  [
    { source: { connector: 'a', external_id: '1' } },
    [{ path: 'source.external_id', cure: 'Did you mean "externalId"?' }],
  ],
  [{ note: 'seen by Ana' }, [{ path: 'note', cure: null }]],
  // Both are there, so that one of them is meant to be something else.
  [{ id: 't', _id: '65f' }, [{ path: '_id', cure: null }]],
  [{ requester: { attributes: { langage: 'de' } } }, []],
  ['no object', []],
])('%j', (value, found) => {
  expect(findUnknownFields(value)).toEqual(found);
});
