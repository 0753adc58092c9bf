// Measures which examples Claude is shown. First, by language: requests that get none, and whether one has the right label.
// Then on noisy desks: whether the right label is among them when a quarter of the labels is swapped for that of the nearest
// other intent. "before" is a fixed number, with the bound for meaning applied to words too. Claude is not asked: whether it
// answers better is not measured here.
//   npm run bench:examples -- [folder of data sets]
import { join } from 'node:path';
import { measureLanguages } from './examples/languages.ts';
import { measureNoise } from './examples/noise.ts';

await measureLanguages();
await measureNoise(process.argv[2] ?? join(import.meta.dirname, '../../shared/data'));
