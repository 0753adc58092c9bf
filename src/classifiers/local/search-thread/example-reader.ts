import { detectLanguage } from '../../../ticket/detect-language.ts';
import { primaryLanguage } from '../../../ticket/ticket-language.ts';
import { ExactScan, type ScannedExample, type ScanQuery, type ScanResult } from '../../retrieval/exact-scan.ts';
import { QUERIES_A_SCAN } from '../../retrieval/vector-scan.ts';
import type { ReadsTexts } from '../encoder-thread/encoder-client.ts';
import type { TextVectors } from '../parts.ts';
import type { IndexFound, IndexSearch, TextToEncode } from '../protocol.ts';
import { isReadable } from '../training-data.ts';
import type { ExampleVectors, TextFound, TextQuery } from './protocol.ts';

/**
 * So many searches are done together and answered in one message; then messages are received. Others wait for three
 * milliseconds at most.
 */
const SEARCHES_TOGETHER = QUERIES_A_SCAN;

type Waiting = PromiseWithResolvers<ScanResult> & { readonly query: ScanQuery };

const nothingExcluded: ReadonlySet<string> = new Set();

/** Reads texts and finds the examples that are like them. Runs in the search thread, which holds the only index. */
export class ExampleReader {
  readonly #index = new ExactScan();
  #encoder: ReadsTexts | null = null;
  #waiting: Waiting[] = [];

  useEncoder(encoder: ReadsTexts): void {
    this.#encoder = encoder;
  }

  put(examples: readonly ScannedExample[]): void {
    for (const example of examples) this.#index.put(example);
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#index.remove(id);
  }

  setVectors({ ids, vectors, onlyMissing }: ExampleVectors): void {
    const width = vectors.length / Math.max(1, ids.length);
    for (const [i, id] of ids.entries()) {
      if (onlyMissing && this.#index.hasEmbedding(id)) continue;
      this.#index.setEmbedding(id, vectors.subarray(i * width, (i + 1) * width));
    }
  }

  async readMany(texts: readonly string[]): Promise<readonly TextVectors[]> {
    return this.#encoder === null ? [] : this.#encoder.readMany(texts);
  }

  /** What the engine needs to decide on a ticket. */
  async find({ text, language, minSimilarity, ...amount }: TextQuery): Promise<TextFound> {
    const vectors = await this.#read(text, language);
    const { found, highestCosine } = await this.#take({
      ...{ ...amount, text, language, minSimilarity },
      minCommonWords: minSimilarity,
      embedding: vectors?.sentence ?? null,
      excludeIds: nothingExcluded,
    });
    return { vectors, nearest: found.map(({ id, similarity }) => ({ id, similarity })), highestCosine };
  }

  async search(search: IndexSearch): Promise<IndexFound> {
    const { text, language = detectLanguage(text), excludeIds = nothingExcluded } = search;
    const embedding = (await this.#read(text, primaryLanguage(language)))?.sentence ?? null;
    const { found, neighbours } = await this.#take({ ...search, language, embedding, excludeIds });
    return {
      found: found.map(({ id, similarity }) => ({ id, similarity })),
      neighbours: neighbours.map(({ intent }) => intent),
      byMeaning: embedding !== null,
    };
  }

  async encode(texts: readonly TextToEncode[]): Promise<(Float32Array | null)[]> {
    const [single] = texts;
    if (this.#encoder === null || single === undefined) return texts.map(() => null);
    const isRead = texts.map(({ text, language }) =>
      isReadable(primaryLanguage(language === undefined ? detectLanguage(text) : language)),
    );
    // One text is the query of a search. The engine may just have read the same ticket.
    if (texts.length === 1) return [isRead[0] ? (await this.#encoder.read(single.text)).sentence : null];
    const vectors = await this.#encoder.readMany(texts.filter((_, i) => isRead[i]).map(({ text }) => text));
    let next = 0;
    return isRead.map((read) => (read ? (vectors[next++]?.sentence ?? null) : null));
  }

  async #read(text: string, language: string | null): Promise<TextVectors | null> {
    if (this.#encoder === null || !isReadable(language)) return null;
    return this.#encoder.read(text);
  }

  /** Searches when the thread comes to it, together with others. */
  #take(query: ScanQuery): Promise<ScanResult> {
    const waiting = { ...Promise.withResolvers<ScanResult>(), query };
    if (this.#waiting.push(waiting) === 1) setImmediate(() => this.#searchSome());
    return waiting.promise;
  }

  #searchSome(): void {
    const together = this.#waiting.slice(0, SEARCHES_TOGETHER);
    this.#waiting = this.#waiting.slice(SEARCHES_TOGETHER);
    if (this.#waiting.length > 0) setImmediate(() => this.#searchSome());
    try {
      const results = this.#index.searchAll(together.map(({ query }) => query));
      for (const [i, { resolve }] of together.entries()) resolve(results[i]!);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}
