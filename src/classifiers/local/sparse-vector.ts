/** A vector with few non-zero entries: `values[i]` is the entry at index `indices[i]`. */
export type SparseVector = { readonly indices: Uint32Array; readonly values: Float32Array };
