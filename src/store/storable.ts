/**
 * Returns a copy that PostgreSQL's text and jsonb accept: without NUL characters and lone surrogates. Tickets are
 * cleaned when they come in; this is for what engines and people write.
 */
export function storable<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  );
}

export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
