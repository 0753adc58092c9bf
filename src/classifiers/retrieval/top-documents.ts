/** The `count` documents with the highest scores above 0, best first; of equal scores the lower number comes first. */
export function topDocuments(scores: ArrayLike<number>, count: number): number[] {
  // A heap of the best documents with the worst of them on top: one comparison rejects most documents.
  const heap: number[] = [];
  const isWorse = (a: number, b: number) => scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
  const sink = (from: number) => {
    let parent = from;
    for (;;) {
      let worst = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && isWorse(heap[child]!, heap[worst]!)) worst = child;
      }
      if (worst === parent) return;
      [heap[parent], heap[worst]] = [heap[worst]!, heap[parent]!];
      parent = worst;
    }
  };
  for (let document = 0; document < scores.length; document++) {
    if (!(scores[document]! > 0)) continue;
    if (heap.length < count) {
      heap.push(document);
      if (heap.length === count) for (let i = (count >> 1) - 1; i >= 0; i--) sink(i);
    } else if (count > 0 && isWorse(heap[0]!, document)) {
      heap[0] = document;
      sink(0);
    }
  }
  return heap.sort((a, b) => scores[b]! - scores[a]! || a - b);
}
