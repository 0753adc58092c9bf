import { createRequire } from 'node:module';
import { onFirstUse } from '../../base/on-first-use.ts';

const require = createRequire(import.meta.url);

// Loaded with the first HTML: they are sixty modules, and many companies' tickets are plain text. The casts: `require` has
// no types.
export const loadHtmlParser = onFirstUse(() => require('htmlparser2') as typeof import('htmlparser2'));
export const loadHtmlToText = onFirstUse(() => require('html-to-text') as typeof import('html-to-text'));
