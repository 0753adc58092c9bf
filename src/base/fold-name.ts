/** A name as several systems write it: `orders/where-is-it`, `orders_where_is_it` and `Orders::Where is it` are the same. */
export function foldName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '');
}
