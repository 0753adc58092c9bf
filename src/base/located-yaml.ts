import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { Problem } from '../errors.ts';
import { type AliasFault, findAliasFaults } from './yaml-aliases.ts';

export type Path = readonly PropertyKey[];

/** Where something is written: a file (or variable) and its 1-based line, if known. */
export type Place = { readonly file: string; readonly line: number | null };

/** Data with functions that say where each part of it was written. */
export type Located = {
  readonly value: unknown;
  /** Place of the value at a path, or of its nearest existing parent. */
  locate(path: Path): Place;
  /** Place of the key itself, to report unknown keys. */
  locateKey(path: Path): Place;
};

/** A parsed YAML (or JSON) text with the line of each value. `value` is null when the text could not be read. */
export type LocatedYaml = Located & {
  readonly file: string;
  /** Syntax errors: tabs, duplicate keys, unclosed quotes. */
  readonly problems: readonly Problem[];
};

/** Parses YAML and keeps the lines. Never throws: syntax errors are in `problems`. */
export function parseLocatedYaml({ text, file }: { text: string; file: string }): LocatedYaml {
  const lineCounter = new LineCounter();
  const unreadable = (message: string): LocatedYaml => ({
    file,
    value: null,
    problems: [{ file, line: 1, message, cure: 'Write it as plain YAML.' }],
    locate: () => ({ file, line: 1 }),
    locateKey: () => ({ file, line: 1 }),
  });
  let document: ReturnType<typeof parseDocument>;
  let aliasFaults: readonly AliasFault[];
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter, prettyErrors: false });
    aliasFaults = document.errors.length > 0 ? [] : findAliasFaults(document);
    const isReadable = document.errors.length === 0 && aliasFaults.length === 0;
    // `findAliasFaults` has already limited what the aliases expand to.
    value = isReadable ? document.toJS({ maxAliasCount: -1 }) : null;
  } catch (error) {
    // Thrown when the text is nested too deeply.
    return unreadable(`the YAML cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }

  const lineAt = (offset: number) => lineCounter.linePos(offset).line || 1;
  const syntaxProblem = (error: YAMLError): Problem => ({
    file,
    line: lineAt(error.pos[0]),
    message: `this is not valid YAML: ${error.message.replace(/\.$/, '')}`,
    cure: cures[error.code] ?? 'Check indentation, quotes and colons on this line and the one before.',
  });

  const find = (path: Path, wantKey: boolean): number | null => {
    let node: unknown = document.contents;
    let line = isNode(node) && node.range ? lineAt(node.range[0]) : null;
    for (const [depth, part] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isPair(item) && keyText(item.key) === String(part));
        if (pair === undefined) return line;
        const keyStart = isNode(pair.key) && pair.key.range ? lineAt(pair.key.range[0]) : null;
        node = pair.value;
        const valueStart = isNode(node) && node.range ? lineAt(node.range[0]) : null;
        // A block map or list starts on the line below its key, but people look for it at the key.
        const isBlock = isMap(node) || isSeq(node);
        const isLast = depth === path.length - 1;
        line = (isBlock || (wantKey && isLast) ? (keyStart ?? valueStart) : (valueStart ?? keyStart)) ?? line;
      } else if (isSeq(node)) {
        node = node.items[Number(part)];
        if (node === undefined) return line;
        line = isNode(node) && node.range ? lineAt(node.range[0]) : line;
      } else return line;
    }
    return line;
  };

  return {
    file,
    value,
    problems: withoutRepeats([
      ...document.errors.map(syntaxProblem),
      ...aliasFaults.map(({ offset, message, cure }) => ({ file, line: lineAt(offset), message, cure })),
    ]),
    locate: (path) => ({ file, line: find(path, false) }),
    locateKey: (path) => ({ file, line: find(path, true) }),
  };
}

const cures: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'Keep one of the two keys.',
  TAB_AS_INDENT: 'Indent with spaces.',
  MULTIPLE_DOCS: 'Remove the line "---" that starts a second document.',
  MISSING_CHAR: 'Close the quote or bracket, or add the missing colon.',
  BAD_INDENT: 'Indent all items of a list or map equally.',
};

/** Removes repeats: one broken bracket can make the parser report the same line many times. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.line} ${problem.message}`, problem])).values()];
}

function keyText(key: unknown): string {
  if (typeof key === 'object' && key !== null && 'value' in key) return String(key.value);
  return String(key);
}

/** Formats a path as `teams[2].members[0].id`; keys with other characters are quoted. */
export function formatDataPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(String(part))) text += text === '' ? String(part) : `.${String(part)}`;
    else text += `["${String(part)}"]`;
  }
  return text;
}
