import { parseSearchWith, stringifySearchWith } from '@tanstack/react-router';

/**
 * What follows the `?` of an address, as people read and write it: `abstained=true`. The router's own way puts texts that are
 * also JSON in quotes, `abstained=%22true%22`; addresses of that kind are still read.
 */
export const parseSearch = parseSearchWith(unquote);

/** Only a text that has quotes itself gets more of them. */
export const stringifySearch = stringifySearchWith(JSON.stringify, unquote);

/** Throws for a text that is not in quotes, which stays as it is. */
function unquote(text: string): string {
  if (!text.startsWith('"')) throw new SyntaxError('not in quotes');
  return JSON.parse(text) as string;
}
