import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './address-search.ts';
import { parseTicketFilter } from './ticket-filter.ts';

test('a filter stands in the address as people write it, and is read as it was', () => {
  const written = (filter: object) => stringifySearch({ ...filter });
  expect(written({ abstained: 'true', minConfidence: '0.4' })).toBe('?abstained=true&minConfidence=0.4');
  for (const q of ['true', '007', '1e3', '12345678901234567890', '"late"', '"', '{"a":1}', '[1]', 'null', 'a b&c=d']) {
    expect(parseTicketFilter(parseSearch(written({ q })))).toEqual({ q });
  }
});

test('addresses of earlier versions are read too', () => {
  expect(parseTicketFilter(parseSearch('?abstained=%22true%22&q=%22007%22'))).toEqual({ abstained: 'true', q: '007' });
});
