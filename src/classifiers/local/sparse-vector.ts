/** A vector with few non-zero entries: `values[i]` stands at `indices[i]`. */
export type SparseVector = { readonly indices: Uint32Array; readonly values: Float32Array };
