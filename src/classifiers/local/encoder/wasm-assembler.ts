// A small assembler for WebAssembly: TypeScript functions that return bytecode. With it, the kernel is source that can
// be read, reviewed and changed, and no binary is shipped. It has only the instructions that the kernel uses. Source of
// opcodes and encodings: WebAssembly core specification 2.0, sections 5.4 (instructions) and 5.5 (modules).

/** Bytecode of an expression (leaves a value on the stack) or a statement (leaves none), as nested lists of bytes. */
export type Code = readonly (number | Code)[];
export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';
export type Local = { readonly index: number; readonly type: ValueType };

export const get = (local: Local): Code => [0x20, unsigned(local.index)];
export const set = (local: Local, value: Code): Code => [value, 0x21, unsigned(local.index)];

const binary =
  (opcode: Code) =>
  (left: Code, right: Code): Code => [left, right, opcode];
const unary =
  (opcode: Code) =>
  (value: Code): Code => [value, opcode];
/** Loads and stores have an address and a constant offset in bytes. The zero means that no alignment is promised. */
const load =
  (opcode: Code) =>
  (address: Code, offset = 0): Code => [address, opcode, 0, unsigned(offset)];
const store =
  (opcode: Code) =>
  (address: Code, value: Code, offset = 0): Code => [address, value, opcode, 0, unsigned(offset)];
const lane =
  (opcode: Code) =>
  (vector: Code, index: number): Code => [vector, opcode, index];
const scalar = (opcode: number): Code => [opcode];
const simd = (opcode: number): Code => [0xfd, unsigned(opcode)];

export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  add: binary(scalar(0x6a)),
  sub: binary(scalar(0x6b)),
  mul: binary(scalar(0x6c)),
  equal: binary(scalar(0x46)),
  notEqual: binary(scalar(0x47)),
  lessThan: binary(scalar(0x48)),
  div: binary(scalar(0x6d)),
  and: binary(scalar(0x71)),
  load: load(scalar(0x28)),
  store: store(scalar(0x36)),
  /** Loads a signed 16-bit integer. */
  load16: load(scalar(0x2e)),
  store16: store(scalar(0x3b)),
};

export const f32 = {
  const: (value: number): Code => [0x43, littleEndianFloat(value)],
  load: load(scalar(0x2a)),
  store: store(scalar(0x38)),
  add: binary(scalar(0x92)),
  mul: binary(scalar(0x94)),
  div: binary(scalar(0x95)),
  max: binary(scalar(0x97)),
  sqrt: unary(scalar(0x91)),
  fromInteger: unary(scalar(0xb2)),
};

export const f64 = {
  load: load(scalar(0x2b)),
  store: store(scalar(0x39)),
  add: binary(scalar(0xa0)),
  div: binary(scalar(0xa3)),
};

export const v128 = {
  load: load(simd(0x00)),
  store: store(simd(0x0b)),
  /** Loads 32 bits into each of the four lanes. */
  load32Splat: load(simd(0x09)),
  /** Loads 64 bits into each half. */
  load64Splat: load(simd(0x0a)),
};

/**
 * Lanes of a byte shuffle: `width` bytes of the first vector from `start`, the same ones of the second (16 on), and so on, half
 * of each.
 */
function interleave(start: number, width: number): Code {
  const lane = Array.from({ length: width }, (_, byte) => byte);
  const lanes = Array.from({ length: 8 / width }, (_, i) => start + i * width);
  return lanes.flatMap((at) => [0, 16].flatMap((vector) => lane.map((byte) => at + vector + byte)));
}

/** Eight 16-bit integers. */
export const i16x8 = {
  /** Two vectors of 32-bit integers as one of 16-bit integers; values that do not fit are clamped. */
  narrow: binary(simd(0x85)),
  /** The first four of each, in turns: a0, b0, a1, b1, a2, b2, a3, b3. */
  interleaveLow: binary([simd(0x0d), interleave(0, 2)]),
  /** The last four of each, in turns: a4, b4, a5, b5, a6, b6, a7, b7. */
  interleaveHigh: binary([simd(0x0d), interleave(8, 2)]),
};

/** Four 32-bit integers. */
export const i32x4 = {
  splat: unary(simd(0x11)),
  add: binary(simd(0xae)),
  shiftLeft: binary(simd(0xab)),
  /** Multiplies eight pairs of 16-bit integers and adds neighbours: lane i is a[2i]·b[2i] + a[2i+1]·b[2i+1]. */
  dot: binary(simd(0xba)),
  /**
   * Multiplies sixteen pairs of bytes and adds four neighbours to each lane. The second bytes must be 0 to 127: with others,
   * processors differ.
   */
  addDotOfBytes: (left: Code, right: Code, sum: Code): Code => [left, right, sum, simd(0x113)],
  fromFloat: unary(simd(0xf8)),
  /** The first two of each, in turns: a0, b0, a1, b1. */
  interleaveLow: binary([simd(0x0d), interleave(0, 4)]),
  /** The last two of each, in turns: a2, b2, a3, b3. */
  interleaveHigh: binary([simd(0x0d), interleave(8, 4)]),
  /** The first two of each: a0, a1, b0, b1. */
  joinLow: binary([simd(0x0d), interleave(0, 8)]),
  /** The last two of each: a2, a3, b2, b3. */
  joinHigh: binary([simd(0x0d), interleave(8, 8)]),
  lane: lane(simd(0x1b)),
  allTrue: unary(simd(0xa3)),
};

/** Four 32-bit floats. */
export const f32x4 = {
  splat: unary(simd(0x13)),
  lane: lane(simd(0x1f)),
  add: binary(simd(0xe4)),
  sub: binary(simd(0xe5)),
  mul: binary(simd(0xe6)),
  max: binary(simd(0xe9)),
  nearest: unary(simd(0x6a)),
  fromInteger: unary(simd(0xfa)),
  lessThan: binary(simd(0x43)),
  /** The second where it is greater, else the first. */
  greater: binary(simd(0xeb)),
};

/** Two 64-bit floats. */
export const f64x2 = {
  splat: unary(simd(0x14)),
  add: binary(simd(0xf0)),
  div: binary(simd(0xf3)),
  lessThan: binary(simd(0x49)),
  /** The second where it is greater, else the first. */
  greater: binary(simd(0xf7)),
};

/** The sum of the four floats of a vector in a local. */
export const sumOfLanes = (vector: Local): Code => foldLanes(vector, f32x4, f32.add);
/** The largest of the four floats of a vector in a local. */
export const maxOfLanes = (vector: Local): Code => foldLanes(vector, f32x4, f32.max);

type Join = (a: Code, b: Code) => Code;
const foldLanes = (vector: Local, { lane }: { lane: (vector: Code, index: number) => Code }, join: Join): Code =>
  join(join(lane(get(vector), 0), lane(get(vector), 1)), join(lane(get(vector), 2), lane(get(vector), 3)));

/** Runs the statements in order. */
export const block = (...statements: readonly Code[]): Code => statements;

export const when = (condition: Code, ...then: readonly Code[]): Code => [condition, 0x04, VOID, then, END];

/**
 * Makes the processor fetch the cache line at an address, by a load whose value is dropped. Compilers may not remove
 * it, because a load outside the memory stops the program. The address must therefore be inside.
 */
export const fetchLine = (address: Code, offset = 0): Code => [i32.load(address, offset), 0x1a];

/** Runs the body once, and again while the condition is true. */
export const repeatWhile = (condition: Code, ...body: readonly Code[]): Code => [
  [0x03, VOID],
  body,
  [condition, 0x0d, 0, END],
];

/** Adds to an integer local. */
export const advance = (local: Local, by: Code | number): Code =>
  set(local, i32.add(get(local), typeof by === 'number' ? i32.const(by) : by));

export type FunctionHandle = { readonly index: number };
export const call = (target: FunctionHandle, ...args: readonly Code[]): Code => [args, 0x10, unsigned(target.index)];

/** Declares a local of the function that is being defined. */
export type NewLocal = (type: ValueType) => Local;

export type Assembler = {
  /**
   * Defines and exports a function without a result. `body` gets the parameters by name and a function that declares
   * locals. A function may call those that were defined before it.
   */
  define<P extends Readonly<Record<string, ValueType>>>(
    name: string,
    parameters: P,
    body: (parameters: { readonly [K in keyof P]: Local }, newLocal: NewLocal) => Code,
  ): FunctionHandle;
  /** The finished module. It imports its memory as `host.memory`, at least `pages` of 64 KiB. */
  assemble(pages: number): Uint8Array<ArrayBuffer>;
};

export function createAssembler(): Assembler {
  const types: Code[] = [];
  const names: string[] = [];
  const bodies: Code[] = [];

  return {
    define(name, parameters, body) {
      const locals: Local[] = [];
      const newLocal: NewLocal = (type) => {
        const local = { index: locals.length, type };
        locals.push(local);
        return local;
      };
      // The keys of the result are the keys of `parameters`, which a mapped type cannot express without this cast.
      const byName = Object.fromEntries(Object.entries(parameters).map(([key, type]) => [key, newLocal(type)])) as {
        readonly [K in keyof typeof parameters]: Local;
      };
      const parameterCount = locals.length;
      const code = body(byName, newLocal);
      const declarations = locals.slice(parameterCount).map(({ type }) => [1, VALUE_TYPES[type]]);
      types.push([0x60, vector(Object.values(parameters).map((type) => [VALUE_TYPES[type]])), 0]);
      names.push(name);
      bodies.push(sized([vector(declarations), code, END]));
      return { index: bodies.length - 1 };
    },
    assemble(pages) {
      const module: Code = [
        [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
        section(1, vector(types)),
        section(2, vector([[text('host'), text('memory'), 0x02, 0x00, unsigned(pages)]])),
        section(3, vector(bodies.map((_, index) => unsigned(index)))),
        section(7, vector(names.map((name, index) => [text(name), 0x00, unsigned(index)]))),
        section(10, vector(bodies)),
      ];
      return Uint8Array.from(flatten(module));
    },
  };
}

const END = 0x0b;
const VOID = 0x40;
const VALUE_TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

const section = (id: number, content: Code): Code => [id, sized(content)];
const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];
const text = (value: string): Code => sized([...new TextEncoder().encode(value)]);

function sized(content: Code): Code {
  const bytes = flatten(content);
  return [unsigned(bytes.length), bytes];
}

function flatten(code: Code, into: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flatten(part, into);
  }
  return into;
}

/** LEB128: seven bits per byte, lowest first, with the top bit set on all bytes except the last. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const rest = value >> 7;
  const isLast = (rest === 0 && (value & 0x40) === 0) || (rest === -1 && (value & 0x40) !== 0);
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(rest)];
}

function littleEndianFloat(value: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((at) => view.getUint8(at));
}
