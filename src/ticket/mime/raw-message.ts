import { decodeTransfer } from './encoded-text.ts';

// A body that still has the parts, boundaries and headers of MIME (RFC 2045 and 2046) in it.

export type RawText = {
  readonly text: string;
  readonly isHtml: boolean;
  /** The header of the mail as a whole; empty where the body has only its parts. */
  readonly header: string;
};

type Entity = { readonly headers: ReadonlyMap<string, string>; readonly lines: readonly string[] };

/** What headers say the boundaries are. */
const declaredBoundary = /\bboundary\s{0,3}=\s{0,3}(?:"([^"\n]{1,70})"|([^\s";,]{1,70}))/gi;
/** What a boundary looks like where no header names it. */
const boundaryLine = /^--([^\s-]\S{4,69}?|[-=_.A-Za-z0-9]{6,70}?)(--)?\s*$/;
const contentHeader = /^content-(?:type|transfer-encoding|disposition|id|language|description)\s{0,5}:/i;
const headerLine = /^([A-Za-z][A-Za-z0-9-]{1,60})\s{0,3}:\s{0,10}(.*)$/;
const preamble = /multi-?part message in mime format|mehrteilige nachricht im mime-format|message in mime format/i;
/** Header fields that no person writes above a message. */
const transportHeader =
  /^(?:received|return-path|mime-version|message-id|dkim-signature|x-[a-z-]+|content-type|content-transfer-encoding)$/i;

/** The text of a raw MIME message: its plain text, or its HTML where it has no other. Null for any other text. */
export function readRawMessage(body: string): RawText | null {
  if (!/^content-type\s{0,5}:/im.test(body)) return null;
  const lines = body.split(/\r?\n/);
  const top = readHeaders(lines, 0);
  const hasTop = [...top.headers.keys()].some((name) => transportHeader.test(name));
  const start = hasTop ? top.end : 0;
  const declared = new Set([...body.matchAll(declaredBoundary)].map(([, quoted, bare]) => quoted ?? bare ?? ''));
  const entities = splitEntities({ lines, from: start, declared });
  const header = lines.slice(0, start).join('\n');
  if (entities.length > 0) return chooseText(entities, header);
  if (!hasTop || !top.headers.has('content-type')) return null;
  return chooseText([{ headers: top.headers, lines: lines.slice(start) }], header);
}

/** The parts between boundary lines, those of nested multiparts included, with what a person wrote above the first. */
function splitEntities(options: {
  readonly lines: readonly string[];
  readonly from: number;
  readonly declared: ReadonlySet<string>;
}): Entity[] {
  const { lines, from, declared } = options;
  const entities: Entity[] = [];
  let start: number | null = null;
  let before = from;
  const close = (end: number) => {
    if (start === null) return;
    const { headers, end: bodyStart } = readHeaders(lines, start);
    entities.push({ headers, lines: lines.slice(bodyStart, end) });
    start = null;
  };
  const boundaries = new Set<string>();
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (!line.startsWith('--')) continue;
    const said = line.slice(2).trimEnd();
    const isDeclared = declared.has(said) || declared.has(said.replace(/--$/, ''));
    const [, name = '', closing] = isDeclared ? [line, said] : (boundaryLine.exec(line) ?? []);
    if (name === '') continue;
    const opens = isDeclared ? declared.has(said) : contentHeader.test(lines[at + 1] ?? '');
    if (!isDeclared && !opens && !boundaries.has(name) && !boundaries.has(`${name}${closing ?? ''}`)) continue;
    if (boundaries.size === 0) before = at;
    boundaries.add(name);
    close(at);
    if (opens) start = at + 1;
  }
  close(lines.length);
  const written = lines.slice(from, entities.length === 0 ? from : before).filter((line) => !preamble.test(line));
  const hasNote = written.some((line) => line.trim() !== '' && !headerLine.test(line));
  return hasNote ? [{ headers: new Map(), lines: written }, ...entities] : entities;
}

/** A mail that is attached to a mail is read as well; in a report of a mail server it is the one that did not arrive. */
function withoutEnvelope(entity: Entity): Entity {
  if (!/^message\/rfc822/i.test(entity.headers.get('content-type') ?? '')) return entity;
  const { headers, end } = readHeaders(entity.lines, 0);
  return { headers, lines: entity.lines.slice(end) };
}

function readHeaders(lines: readonly string[], from: number): { headers: Map<string, string>; end: number } {
  const headers = new Map<string, string>();
  let last = '';
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '') return { headers, end: at + 1 };
    const [, name = '', value = ''] = headerLine.exec(line) ?? [];
    if (name !== '') {
      last = name.toLowerCase();
      headers.set(last, value.trim());
    } else if (/^[ \t]/.test(line) && last !== '') headers.set(last, `${headers.get(last)} ${line.trim()}`);
    else break;
  }
  return { headers, end: at };
}

function chooseText(entities: readonly Entity[], header: string): RawText | null {
  const isReport = /^content-type\s{0,3}:\s{0,5}multipart\/report/im.test(header);
  const texts = entities.flatMap((entity) => {
    const { headers, lines } = isReport ? entity : withoutEnvelope(entity);
    const type = headers.get('content-type') ?? 'text/plain';
    const isText = /^text\/(?:plain|html)/i.test(type);
    if (!isText || /^attachment/i.test(headers.get('content-disposition') ?? '')) return [];
    const charset = /charset\s*=\s*"?([^";\s]{1,40})/i.exec(type)?.[1] ?? null;
    const encoding = headers.get('content-transfer-encoding') ?? '7bit';
    const text = decodeTransfer(lines.join('\r\n'), { encoding, charset }).replace(/\r\n/g, '\n').trim();
    return text === '' ? [] : [{ text, isHtml: /^text\/html/i.test(type), header }];
  });
  const plain = texts.filter(({ isHtml }) => !isHtml).map(({ text }) => text);
  if (plain.length > 0) return { text: plain.join('\n\n'), isHtml: false, header };
  return texts[0] ?? null;
}
