/** Reads the body of a reply as text. Throws what `tooLong` returns as soon as it has more than `maxBytes`. */
export async function readBounded(
  response: Response,
  { maxBytes, tooLong }: { maxBytes: number; tooLong: () => Error },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
