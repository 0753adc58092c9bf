// Reads eld's small language model with little time and memory. Importing `eld/small` itself would take every thread
// almost a second and 170 MB, for an object per n-gram, of which there are 81,000 (`npm run bench:language-model`).

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { eld } from 'eld/small';
import { SwitchboardError } from '../errors.ts';
import { NgramTable } from './ngram-table.ts';

export type LanguageModel = Pick<typeof eld, 'detect'>;

/** The points that an n-gram gives to each language, by the language's number. eld looks these up. */
type Points = Readonly<Record<number, number>>;
type ModelData = {
  readonly type: string;
  readonly languages: Readonly<Record<string, string>>;
  readonly ngrams: NgramTable;
};

/** Creates eld's detector without a model. The package does not export this function. */
type CreateEld = () => {
  readonly instance: LanguageModel;
  readonly loadData: (data: {
    type: string;
    languages: ModelData['languages'];
    ngrams: Record<string, Points>;
  }) => void;
};

const entry = import.meta.resolve('eld/small');
const modelFile = new URL('../ngrams/small.js', entry);
const detectorFile = new URL('../languageDetector.js', entry);
/** Not by a top-level `await import()`: threads read this file too, and see threads.test.ts. */
const require = createRequire(import.meta.url);

/** Loads the model, in about 50 ms. Throws SwitchboardError if the installed package has another form. */
export function loadLanguageModel(): LanguageModel {
  const { type, languages, ngrams } = parseModel(readFileSync(modelFile, 'utf8'));
  const { createEld }: { createEld: CreateEld } = require(fileURLToPath(detectorFile));
  const { instance, loadData } = createEld();
  // eld looks up one n-gram at a time, so the object with its points is only built when it is needed.
  const lookUp = new Proxy<Record<string, Points>>(
    {},
    { get: (_, ngram) => (typeof ngram === 'string' ? parsePoints(ngrams.get(ngram)) : undefined) },
  );
  loadData({ type, languages, ngrams: lookUp });
  return instance;
}

const HEADER = /\bngramsData = \{type:'(\w+)',languages:\{([^}]*)\},isSubset:false,ngrams:\{/;

/** Parses eld's `src/ngrams/*.js` (one object literal). Throws SwitchboardError. Exported for its test. */
export function parseModel(text: string): ModelData {
  const header = HEADER.exec(text);
  if (header === null) throw unusable('its first line has another form');
  const ngrams = NgramTable.read(text, header.index + header[0].length);
  if (typeof ngrams === 'number') throw unusable(`the n-gram at character ${ngrams} has another form`);
  const languages = [...(header[2] ?? '').matchAll(/(\d+):'(\w+)'/g)].map(([, id = '', code = '']) => [id, code]);
  return { type: header[1] ?? '', languages: Object.fromEntries(languages), ngrams };
}

/** Parses points such as `9:120,37:80`. */
function parsePoints(points: string | undefined): Points | undefined {
  if (points === undefined) return undefined;
  const parsed: Record<number, number> = {};
  for (const pair of points.split(',')) {
    const [language, value] = pair.split(':');
    parsed[Number(language)] = Number(value);
  }
  return parsed;
}

function unusable(found: string): SwitchboardError {
  return new SwitchboardError({
    code: 'internal',
    message: `The language model in ${modelFile.pathname} cannot be read: ${found}. Reinstall with 'npm ci'.`,
  });
}
