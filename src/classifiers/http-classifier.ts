import { ClassifierError } from '../errors.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { type Classification, type Classifier, classificationSchema } from './classifier.ts';

const DEFAULT_DEADLINE_MS = 20_000;
/** A classification is a few kilobytes; more is not one. */
const MAX_REPLY_BYTES = 1_000_000;

/**
 * A model of the user's own behind HTTP (`classifier: { http: URL }`): it is posted `{ ticket, taxonomy }` and answers
 * a `Classification`, both as JSON. Rejects with ClassifierError; 5xx, 429, time-outs and lost connections may pass.
 */
export function createHttpClassifier(options: {
  url: string;
  deadlineMs?: number;
  fetch?: typeof globalThis.fetch;
}): Classifier {
  const { url, deadlineMs = DEFAULT_DEADLINE_MS, fetch = globalThis.fetch } = options;
  const where = new URL(url).host;
  const fail = (retryable: boolean, found: string, cause?: unknown) =>
    new ClassifierError({
      classifier: 'http',
      retryable,
      message: `The classifier at ${where} ${found}.`,
      cause,
    });

  return {
    id: 'http',
    async classify({ ticket, taxonomy, signal }) {
      const deadline = AbortSignal.timeout(deadlineMs);
      let text: string;
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ ticket, taxonomy: mapTaxonomy(taxonomy) }),
          signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
          redirect: 'error',
        });
        if (!response.ok) {
          await response.body?.cancel();
          throw fail(response.status >= 500 || response.status === 429, `answered ${response.status}`);
        }
        text = await readBounded(response, () => fail(false, `answered more than ${MAX_REPLY_BYTES} bytes`));
      } catch (error) {
        if (error instanceof ClassifierError) throw error;
        throw fail(
          true,
          deadline.aborted ? `did not answer within ${deadlineMs} ms` : 'could not be reached or broke off',
          error,
        );
      }
      return parseReply({ text, taxonomy, fail });
    },
  };
}

/** The tree as it is written; `nodes` and `leaves` are views of it. */
function mapTaxonomy({ name, version, priority, whenAngry, instructions, intents }: Taxonomy) {
  return { name, version, priority, whenAngry, instructions, intents };
}

async function readBounded(response: Response, tooLong: () => ClassifierError): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REPLY_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseReply(options: {
  text: string;
  taxonomy: Taxonomy;
  fail: (retryable: boolean, found: string) => ClassifierError;
}): Classification {
  const { text, taxonomy, fail } = options;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail(false, 'did not answer JSON');
  }
  const parsed = classificationSchema.safeParse(value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole value').slice(0, 5);
    throw fail(false, `answered something that is not a classification (${fields.join(', ')})`);
  }
  const { intent } = parsed.data;
  if (intent !== null && !taxonomy.leaves.some((leaf) => leaf.id === intent)) {
    throw fail(false, 'named an intent that is not a leaf of the taxonomy');
  }
  return parsed.data;
}
