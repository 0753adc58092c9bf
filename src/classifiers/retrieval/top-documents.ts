/** The `count` documents with the highest scores above 0, best first; of equal scores the lower number comes first. */
export function topDocuments(scores: ArrayLike<number>, count: number): number[] {
  if (count <= 0) return [];
  // A heap of the best documents with the worst of them on top: one comparison rejects most documents.
  const heap: number[] = [];
  let document = 0;
  for (; document < scores.length && heap.length < count; document++) if (scores[document]! > 0) heap.push(document);
  if (heap.length === count) {
    for (let i = (count >> 1) - 1; i >= 0; i--) sink(heap, scores, i);
    let worst = scores[heap[0]!]!;
    for (; document < scores.length; document++) {
      // One with the same score has a higher number than those in the heap, and so comes after them.
      if (!(scores[document]! > worst)) continue;
      heap[0] = document;
      sink(heap, scores, 0);
      worst = scores[heap[0]!]!;
    }
  }
  return heap.sort((a, b) => scores[b]! - scores[a]! || a - b);
}

function sink(heap: number[], scores: ArrayLike<number>, from: number): void {
  const document = heap[from]!;
  const score = scores[document]!;
  let at = from;
  for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
    const other = child + 1;
    if (other < heap.length && isWorse(scores, heap[other]!, heap[child]!)) child = other;
    const worst = heap[child]!;
    const difference = scores[worst]! - score;
    if (difference > 0 || (difference === 0 && worst < document)) break;
    heap[at] = worst;
    at = child;
  }
  heap[at] = document;
}

const isWorse = (scores: ArrayLike<number>, a: number, b: number) =>
  scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
