// Matrix products of the kernel.
//
// `matmul` (weights): 16-bit integers on both sides, 32-bit sums, so that one instruction does eight multiplications.
// No relaxed SIMD, because its results differ between processors.
//   activations  rows × depth int16, row after row, with one float scale per row
//   weights      panels of 16 columns; in a panel, for each pair of depths (2d, 2d+1), 16 × 2 int16:
//                column 0 depth 2d, column 0 depth 2d+1, column 1 depth 2d, … (quantised-matrix.ts packs them)
//   result       activation scale × column scale × integer sum + bias, as float
// A tile is up to five rows by one panel. Its sums stay in ten registers of 256 bits over the whole depth, where V8 has
// them (wide-vectors.ts), and partly in the first-level cache where it has not, which is no slower than a narrower tile.
// A panel has at most 16 KiB: it stays in that cache while all rows are multiplied with it, and is read from memory once.
//
// `floatMatmul` (attention): 32-bit floats. Both sides are computed from the text, so nothing can be packed in advance.

import {
  type Assembler,
  advance,
  block,
  type Code,
  call,
  type FunctionHandle,
  f32,
  f32x4,
  get,
  i32,
  i32x4,
  type Local,
  type NewLocal,
  repeatWhile,
  set,
  v128,
  when,
} from './wasm-assembler.ts';

export const PANEL_COLUMNS = 16;
/** Columns of a tile of `floatMatmul`. */
export const FLOAT_COLUMNS = 8;
/** Depths per iteration of the inner loop; the depth of every weight matrix must be a multiple of it. */
export const DEPTH_STEP = 16;
/** What `matmul` does with a product: stores it, stores its positive part, or adds it to the output. */
export const OUTPUT = { store: 0, relu: 1, add: 2 };

const VECTOR_BYTES = 16;
/** 32-bit values in a vector. */
const LANES = 4;
const TILE_ROWS = 5;
const ROW_COUNTS = Array.from({ length: TILE_ROWS }, (_, index) => index + 1);

export function defineMatmul(assembler: Assembler): void {
  const tiles = ROW_COUNTS.map((rows) => defineMatmulTile(assembler, rows));

  assembler.define(
    'matmul',
    {
      activations: 'i32',
      activationScales: 'i32',
      rows: 'i32',
      depth: 'i32',
      panels: 'i32',
      columnScales: 'i32',
      bias: 'i32',
      columns: 'i32',
      out: 'i32',
      output: 'i32',
    },
    (p, newLocal) => {
      const depthBytes = newLocal('i32');
      const outStride = newLocal('i32');
      const lastColumn = newLocal('i32');
      const tileActivations = newLocal('i32');
      const tileScales = newLocal('i32');
      const tileOut = newLocal('i32');
      const left = newLocal('i32');
      const callTile = (tile: FunctionHandle) =>
        call(
          tile,
          get(tileActivations),
          get(tileScales),
          get(depthBytes),
          get(p.panels),
          get(p.columnScales),
          get(p.bias),
          get(tileOut),
          get(outStride),
          get(p.output),
        );
      return block(
        set(depthBytes, i32.mul(get(p.depth), i32.const(2))),
        set(outStride, i32.mul(get(p.columns), i32.const(4))),
        set(lastColumn, i32.add(get(p.columnScales), get(outStride))),
        repeatWhile(
          i32.lessThan(get(p.columnScales), get(lastColumn)),
          set(tileActivations, get(p.activations)),
          set(tileScales, get(p.activationScales)),
          set(tileOut, get(p.out)),
          set(left, get(p.rows)),
          forTiles(left, tiles, callTile, [
            advance(tileActivations, i32.mul(get(depthBytes), i32.const(TILE_ROWS))),
            advance(tileScales, TILE_ROWS * 4),
            advance(tileOut, i32.mul(get(outStride), i32.const(TILE_ROWS))),
          ]),
          advance(p.panels, i32.mul(get(depthBytes), i32.const(PANEL_COLUMNS))),
          advance(p.columnScales, PANEL_COLUMNS * 4),
          advance(p.bias, PANEL_COLUMNS * 4),
          advance(p.out, PANEL_COLUMNS * 4),
        ),
      );
    },
  );
}

function defineMatmulTile(assembler: Assembler, rows: number): FunctionHandle {
  return assembler.define(
    `matmulTile${rows}`,
    {
      activations: 'i32',
      activationScales: 'i32',
      depthBytes: 'i32',
      panel: 'i32',
      columnScales: 'i32',
      bias: 'i32',
      out: 'i32',
      outStride: 'i32',
      output: 'i32',
    },
    (p, newLocal) => {
      const tile = newTile({ rows, columns: PANEL_COLUMNS, newLocal });
      const end = newLocal('i32');
      const pair = newLocal('v128');
      const products = tile.columns.map(() => newLocal('v128'));
      const scale = newLocal('v128');
      const depthPairs = Array.from({ length: DEPTH_STEP / 2 }, (_, index) => index);

      const multiplyPair = (depthPair: number): Code =>
        block(
          ...tile.columns.map((weights, part) =>
            set(weights, v128.load(get(p.panel), (depthPair * tile.columns.length + part) * VECTOR_BYTES)),
          ),
          ...tile.rows.map((row) =>
            block(
              set(pair, v128.load32Splat(get(row.pointer), depthPair * 4)),
              ...row.sums.map((sum, part) =>
                set(sum, i32x4.add(get(sum), i32x4.dot(get(pair), get(tile.columns[part]!)))),
              ),
            ),
          ),
        );

      // Step by step for all columns, and one store after the other: that is how V8 finds what it can join.
      const forAllColumns = (step: (product: Local, part: number, offset: number) => Code): Code[] =>
        products.map((product, part) => step(product, part, part * VECTOR_BYTES));
      const storeRow = (row: TileRow, index: number): Code =>
        block(
          set(scale, f32x4.splat(f32.load(get(p.activationScales), index * 4))),
          ...forAllColumns((product, _, offset) =>
            set(product, f32x4.mul(get(scale), v128.load(get(p.columnScales), offset))),
          ),
          ...forAllColumns((product, part) =>
            set(product, f32x4.mul(get(product), f32x4.fromInteger(get(row.sums[part]!)))),
          ),
          ...forAllColumns((product, _, offset) =>
            set(product, f32x4.add(get(product), v128.load(get(p.bias), offset))),
          ),
          when(
            i32.equal(get(p.output), i32.const(OUTPUT.relu)),
            ...forAllColumns((product) => set(product, f32x4.max(get(product), f32x4.splat(f32.const(0))))),
          ),
          when(
            i32.equal(get(p.output), i32.const(OUTPUT.add)),
            ...forAllColumns((product, _, offset) =>
              set(product, f32x4.add(get(product), v128.load(get(p.out), offset))),
            ),
          ),
          ...forAllColumns((product, _, offset) => v128.store(get(p.out), get(product), offset)),
          advance(p.out, get(p.outStride)),
        );

      return block(
        ...pointAtRows(tile, p.activations, p.depthBytes),
        set(end, i32.add(get(p.activations), get(p.depthBytes))),
        repeatWhile(
          i32.lessThan(get(tile.rows[0]!.pointer), get(end)),
          ...depthPairs.map(multiplyPair),
          advance(p.panel, depthPairs.length * tile.columns.length * VECTOR_BYTES),
          ...tile.rows.map((row) => advance(row.pointer, DEPTH_STEP * 2)),
        ),
        ...tile.rows.map(storeRow),
      );
    },
  );
}

/**
 * out[row][column] = Σ over depth of a[row][depth] · b[depth][column]. Columns are a multiple of 8; strides in bytes.
 */
export function defineFloatMatmul(assembler: Assembler): FunctionHandle {
  const tiles = ROW_COUNTS.map((rows) => defineFloatTile(assembler, rows));

  return assembler.define(
    'floatMatmul',
    {
      a: 'i32',
      aStride: 'i32',
      rows: 'i32',
      depth: 'i32',
      b: 'i32',
      bStride: 'i32',
      columns: 'i32',
      out: 'i32',
      outStride: 'i32',
    },
    (p, newLocal) => {
      const tileA = newLocal('i32');
      const tileOut = newLocal('i32');
      const left = newLocal('i32');
      const callTile = (tile: FunctionHandle) =>
        call(tile, get(tileA), get(p.aStride), get(p.depth), get(p.b), get(p.bStride), get(tileOut), get(p.outStride));
      return repeatWhile(
        i32.lessThan(i32.const(0), get(p.columns)),
        set(tileA, get(p.a)),
        set(tileOut, get(p.out)),
        set(left, get(p.rows)),
        forTiles(left, tiles, callTile, [
          advance(tileA, i32.mul(get(p.aStride), i32.const(TILE_ROWS))),
          advance(tileOut, i32.mul(get(p.outStride), i32.const(TILE_ROWS))),
        ]),
        advance(p.b, FLOAT_COLUMNS * 4),
        advance(p.out, FLOAT_COLUMNS * 4),
        advance(p.columns, -FLOAT_COLUMNS),
      );
    },
  );
}

function defineFloatTile(assembler: Assembler, rows: number): FunctionHandle {
  return assembler.define(
    `floatTile${rows}`,
    { a: 'i32', aStride: 'i32', depth: 'i32', b: 'i32', bStride: 'i32', out: 'i32', outStride: 'i32' },
    (p, newLocal) => {
      const tile = newTile({ rows, columns: FLOAT_COLUMNS, newLocal });
      const value = newLocal('v128');
      return block(
        ...pointAtRows(tile, p.a, p.aStride),
        repeatWhile(
          i32.lessThan(i32.const(0), get(p.depth)),
          ...tile.columns.map((column, half) => set(column, v128.load(get(p.b), half * VECTOR_BYTES))),
          ...tile.rows.map((row) =>
            block(
              set(value, v128.load32Splat(get(row.pointer))),
              ...row.sums.map((sum, half) =>
                set(sum, f32x4.add(get(sum), f32x4.mul(get(value), get(tile.columns[half]!)))),
              ),
              advance(row.pointer, 4),
            ),
          ),
          advance(p.b, get(p.bStride)),
          advance(p.depth, -1),
        ),
        ...tile.rows.map((row) =>
          block(
            ...row.sums.map((sum, half) => v128.store(get(p.out), get(sum), half * VECTOR_BYTES)),
            advance(p.out, get(p.outStride)),
          ),
        ),
      );
    },
  );
}

type TileRow = { readonly pointer: Local; readonly sums: readonly Local[] };
type Tile = { readonly rows: readonly TileRow[]; readonly columns: readonly Local[] };

/** Registers of a tile: a pointer and the sums of all columns for each row, and all columns of the right side. */
function newTile({ rows, columns, newLocal }: { rows: number; columns: number; newLocal: NewLocal }): Tile {
  const allColumns = (): Local[] => Array.from({ length: columns / LANES }, () => newLocal('v128'));
  return {
    rows: Array.from({ length: rows }, () => ({ pointer: newLocal('i32'), sums: allColumns() })),
    columns: allColumns(),
  };
}

function pointAtRows(tile: Tile, first: Local, stride: Local): Code[] {
  return tile.rows.map(({ pointer }, index) =>
    set(pointer, i32.add(get(first), i32.mul(get(stride), i32.const(index)))),
  );
}

/** Calls the tile of five rows as often as it fits into `left` rows, then the tile for the rest. */
function forTiles(
  left: Local,
  tiles: readonly FunctionHandle[],
  callTile: (tile: FunctionHandle) => Code,
  next: readonly Code[],
): Code {
  return repeatWhile(
    i32.lessThan(i32.const(0), get(left)),
    ...tiles.slice(0, -1).map((tile, index) => when(i32.equal(get(left), i32.const(index + 1)), callTile(tile))),
    when(i32.lessThan(i32.const(TILE_ROWS - 1), get(left)), callTile(tiles.at(-1)!)),
    ...next,
    advance(left, -TILE_ROWS),
  );
}
