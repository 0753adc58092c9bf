// Converts a public data set to our ticket format, in benchmarks/data/NAME (see README.md there).
//   npm run bench:data -- banking77 DIR     DIR has train.csv and test.csv
//   npm run bench:data -- clinc150 DIR      DIR has data_full.json and domains.json
//   npm run bench:data -- insurance DIR     DIR has train.tsv and test.tsv
//   npm run bench:data -- hwu64 DIR         DIR has trainset/*.csv and testset/csv/*.csv
// Prints for each file whether it is the one that our figures were measured on (SHA-256).
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const measuredOn: Readonly<Record<string, string>> = {
  'banking77/train.jsonl': 'b31c9b5a2eb1b84a2c6bdc6fc0c545207ee101a437843b691d0025313743c5a9',
  'banking77/test.jsonl': 'c1da5a19020b07ed031556c8fba04c071047c8c02270aa7ca6cedac72942c914',
  'clinc150/train.jsonl': '124474156c7ffcf2fc9856c53efa43eb4afae977f2af604ee717dc3648945002',
  'clinc150/val.jsonl': '71beebaf1e4a3a6d19dae90bcf2e1e69e06ce34dd19fe2d1d0a040df42d4e8aa',
  'clinc150/test.jsonl': '3afa30632f101a781c0f718c539e6ef8aae81cd8cad9eb822e76d6f24e5d17fc',
  'hwu64/train.jsonl': '97bbe3747676c10026e83dc00ae88c65e06e10dec1d95e0b8336b1207013c127',
  'hwu64/test.jsonl': '2544a2f7fc6f60f6d905c31fa5dc82f97483b2441a054093de7e595fa936ff41',
  'insurance/train.jsonl': '51ca95c46f2522580c50416af7797e8fc6eed613ab7e929335f6118784bfc1c7',
  'insurance/test.jsonl': '7bfe05bac91bca7e77694b807ff048dc3ed2da78ce8df45bcf63f779c3d70c90',
};

type Row = { readonly body: string; readonly label: string };
type Line = { id: string; body: string; language: 'en'; intent: string | null; outOfScope?: true };

const toId = (label: string) =>
  label
    .trim()
    .toLowerCase()
    .replace(/[_\s]+/g, '-')
    .replace(/\?$/, '');
const toName = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ');

const [set, folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: npm run bench:data -- banking77|clinc150|hwu64|insurance DIR');
const source = (name: string) => readFileSync(join(folder, name), 'utf8');
switch (set) {
  case 'banking77':
    convertTables(set, 'csv', ',');
    break;
  case 'insurance':
    convertTables(set, 'tsv', '\t');
    break;
  case 'clinc150':
    convertClinc();
    break;
  case 'hwu64':
    convertHwu();
    break;
  default:
    throw new Error(`Unknown set "${set}". Known: banking77, clinc150, hwu64, insurance.`);
}

function convertTables(name: string, extension: string, separator: string): void {
  const intents = new Set<string>();
  for (const part of ['train', 'test']) {
    const [, ...rows] = parseTable(source(`${part}.${extension}`), separator);
    const lines = rows.map(([body = '', label = ''], i): Line => {
      intents.add(label);
      return { id: `${name}-${part}-${i + 1}`, body, language: 'en', intent: toId(label) };
    });
    write(name, `${part}.jsonl`, lines);
  }
  writeFlatTaxonomy(name, [...intents].sort().map(toId));
}

/** One table for each intent, with the columns answerid;scenario;intent;answer_annotation;answer_from_anno;answer_from_user. */
function convertHwu(): void {
  const intents = new Set<string>();
  for (const [part, folderOfPart] of Object.entries({ train: 'trainset', test: 'testset/csv' })) {
    const files = readdirSync(join(folder!, folderOfPart)).sort();
    const rows = files.flatMap((file) => parseTable(source(join(folderOfPart, file)), ';').slice(1));
    const lines = rows.map(([, scenario = '', intent = '', , body = ''], i): Line => {
      const id = toId(`${scenario} ${intent}`);
      intents.add(id);
      return { id: `hwu64-${part}-${i + 1}`, body, language: 'en', intent: id };
    });
    write('hwu64', `${part}.jsonl`, lines);
  }
  writeFlatTaxonomy('hwu64', [...intents].sort());
}

function writeFlatTaxonomy(name: string, ids: readonly string[]): void {
  const nodes = ids.map((id) => `  - id: ${id}\n    name: "${toName(id)}"\n`);
  writeFileSync(join(import.meta.dirname, name, 'taxonomy.yaml'), `name: "${name}"\nintents:\n${nodes.join('')}`);
}

function convertClinc(): void {
  const pairs = z.array(z.tuple([z.string(), z.string()]));
  const data = z.record(z.string(), pairs).parse(JSON.parse(source('data_full.json')));
  const domains = z.record(z.string(), z.array(z.string())).parse(JSON.parse(source('domains.json')));
  const pathOf = new Map<string, string>();
  for (const [domain, labels] of Object.entries(domains)) {
    for (const label of labels) pathOf.set(label, `${toId(domain)}/${toId(label)}`);
  }
  for (const part of ['train', 'val', 'test']) {
    const toRow = ([body, label]: [string, string]): Row => ({ body, label });
    const known = (data[part] ?? []).map(toRow).map(
      ({ body, label }, i): Line => ({
        id: `clinc150-${part}-${i + 1}`,
        body,
        language: 'en',
        intent: pathOf.get(label) ?? toId(label),
      }),
    );
    const strange = (data[`oos_${part}`] ?? []).map(
      ([body], i): Line => ({
        id: `clinc150-oos-${part}-${i + 1}`,
        body,
        language: 'en',
        intent: null,
        outOfScope: true,
      }),
    );
    write('clinc150', `${part}.jsonl`, [...known, ...strange]);
  }
  const node = (id: string, indent: string) =>
    `${indent}- id: ${id}\n${indent}  name: "${toName(id.split('/').at(-1) ?? id)}"\n`;
  const trees = Object.entries(domains).map(
    ([domain, labels]) =>
      `${node(toId(domain), '  ')}    children:\n${labels.map((label) => node(`${toId(domain)}/${toId(label)}`, '      ')).join('')}`,
  );
  writeFileSync(
    join(import.meta.dirname, 'clinc150', 'taxonomy.yaml'),
    `name: "clinc150"\nintents:\n${trees.join('')}`,
  );
}

/** Parses quoted fields with separators, line breaks and doubled quotes (RFC 4180). */
function parseTable(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[i + 1] === '"') field += text[i++];
      else isQuoted = false;
    } else if (character === '"' && field === '') isQuoted = true;
    else if (character === separator || character === '\n') {
      row.push(field.replace(/\r$/, ''));
      field = '';
      if (character === '\n') {
        rows.push(row);
        row = [];
      }
    } else field += character;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  return rows.filter((cells) => cells.some((cell) => cell !== ''));
}

function write(name: string, file: string, lines: readonly Line[]): void {
  const folderOfSet = join(import.meta.dirname, name);
  mkdirSync(folderOfSet, { recursive: true });
  const text = lines.map((line) => `${toJson(line)}\n`).join('');
  writeFileSync(join(folderOfSet, file), text);
  const isSame = createHash('sha256').update(text).digest('hex') === measuredOn[`${name}/${file}`];
  console.log(`${name}/${file}: ${lines.length} tickets, ${isSame ? 'the same' : 'NOT the same'} as measured on`);
}

/** Writes one line with a space after colons and commas, as in the files that were measured. */
function toJson(line: Line): string {
  const fields = Object.entries(line).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{${fields.join(', ')}}`;
}
