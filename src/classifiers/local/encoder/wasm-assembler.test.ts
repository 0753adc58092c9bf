import { expect, test } from 'vitest';
import { createMemory, instantiate } from './kernel.ts';
import {
  advance,
  block,
  type Code,
  call,
  createAssembler,
  f32,
  f32x4,
  f64,
  f64x2,
  get,
  i16x8,
  i32,
  i32x4,
  maxOfLanes,
  type NewLocal,
  repeatWhile,
  set,
  sumOfLanes,
  v128,
  when,
} from './wasm-assembler.ts';

/** Runs statements as a function and returns the memory that they wrote to. */
function run(body: (newLocal: NewLocal) => Code, memory = createMemory(1024)): ArrayBuffer {
  const assembler = createAssembler();
  assembler.define('main', {}, (_, newLocal) => body(newLocal));
  instantiate(assembler.assemble(1), memory).main!();
  return memory.buffer;
}

function floats(buffer: ArrayBuffer, count: number): number[] {
  return [...new Float32Array(buffer, 0, count)];
}

test.each([0, 1, 63, 64, 127, 128, 8191, 8192, 65_535, 2_147_483_647, -1, -64, -65, -8192, -8193, -2_147_483_648])(
  'the constant %i is encoded correctly',
  (value) => {
    const buffer = run((newLocal) => {
      const lanes = newLocal('v128');
      return block(set(lanes, i32x4.splat(i32.const(value))), v128.store(i32.const(0), get(lanes)));
    });
    expect([...new Int32Array(buffer, 0, 4)]).toEqual([value, value, value, value]);
  },
);

test.each([0, 1.5, -0.25, 1e-9, -1e9])('the float %f is encoded as the nearest 32-bit float', (value) => {
  expect(
    floats(
      run(() => f32.store(i32.const(0), f32.const(value))),
      1,
    ),
  ).toEqual([Math.fround(value)]);
});

test('a loop runs its body once, then while its condition is true', () => {
  const buffer = run((newLocal) => {
    const count = newLocal('i32');
    const sum = newLocal('i32');
    return block(
      set(count, i32.const(10)),
      repeatWhile(i32.lessThan(i32.const(0), get(count)), advance(sum, get(count)), advance(count, -1)),
      f32.store(i32.const(0), f32.fromInteger(get(sum))),
      set(count, i32.const(-5)),
      repeatWhile(i32.lessThan(i32.const(0), get(count)), advance(count, -1)),
      f32.store(i32.const(4), f32.fromInteger(get(count))),
    );
  });
  expect(floats(buffer, 2)).toEqual([55, -6]);
});

test('a condition decides whether its statements run', () => {
  const buffer = run(() =>
    block(
      when(i32.equal(i32.const(3), i32.const(3)), f32.store(i32.const(0), f32.const(1))),
      when(i32.equal(i32.const(3), i32.const(4)), f32.store(i32.const(4), f32.const(1))),
    ),
  );
  expect(floats(buffer, 2)).toEqual([1, 0]);
});

test('a function calls one that was defined before it, with the arguments in order', () => {
  const assembler = createAssembler();
  const divide = assembler.define('divide', { a: 'f32', b: 'f32', at: 'i32' }, (p) =>
    f32.store(get(p.at), f32.div(get(p.a), get(p.b))),
  );
  assembler.define('main', { at: 'i32' }, (p) => call(divide, f32.const(7), f32.const(2), get(p.at)));
  const memory = createMemory(1024);
  instantiate(assembler.assemble(1), memory).main!(8);
  expect(floats(memory.buffer, 3)).toEqual([0, 0, 3.5]);
});

test('integer products are added in pairs, and narrowing clamps', () => {
  const memory = createMemory(1024);
  new Int16Array(memory.buffer, 0, 8).set([1, 2, 3, 4, -5, 6, 32_767, 32_767]);
  new Int16Array(memory.buffer, 16, 8).set([10, 100, 10, 100, 10, 100, 32_767, 32_767]);
  const dot = i32x4.dot(v128.load(i32.const(0)), v128.load(i32.const(0), 16));
  const buffer = run(
    () => block(v128.store(i32.const(32), dot), v128.store(i32.const(48), i16x8.narrow(dot, dot))),
    memory,
  );
  expect([...new Int32Array(buffer, 32, 4)]).toEqual([210, 430, 550, 2 * 32_767 ** 2]);
  expect([...new Int16Array(buffer, 48, 4)]).toEqual([210, 430, 550, 32_767]);
});

test('16-bit integers of two vectors are interleaved', () => {
  const memory = createMemory(1024);
  new Int16Array(memory.buffer, 0, 16).set([0, 1, 2, 3, 4, 5, 6, 7, -10, -11, -12, -13, -14, -15, -16, -17]);
  const [first, second] = [v128.load(i32.const(0)), v128.load(i32.const(16))];
  const buffer = run(
    () =>
      block(
        v128.store(i32.const(32), i16x8.interleaveLow(first, second)),
        v128.store(i32.const(48), i16x8.interleaveHigh(first, second)),
      ),
    memory,
  );
  expect([...new Int16Array(buffer, 32, 16)]).toEqual([0, -10, 1, -11, 2, -12, 3, -13, 4, -14, 5, -15, 6, -16, 7, -17]);
});

test('32-bit integers of two vectors are interleaved and joined', () => {
  const memory = createMemory(1024);
  new Int32Array(memory.buffer, 0, 8).set([0, 1, 2, 3, -10, -11, -12, -13]);
  const [first, second] = [v128.load(i32.const(0)), v128.load(i32.const(16))];
  const kinds = [i32x4.interleaveLow, i32x4.interleaveHigh, i32x4.joinLow, i32x4.joinHigh];
  const buffer = run(
    () => block(...kinds.map((join, i) => v128.store(i32.const(32 + 16 * i), join(first, second)))),
    memory,
  );
  const found = kinds.map((_, i) => [...new Int32Array(buffer, 32 + 16 * i, 4)]);
  expect(found).toEqual([
    [0, -10, 1, -11],
    [2, -12, 3, -13],
    [0, 1, -10, -11],
    [2, 3, -12, -13],
  ]);
});

test('64-bit floats are divided and added, alone and in pairs', () => {
  const memory = createMemory(1024);
  new Float64Array(memory.buffer, 0, 2).set([0.1, 3]);
  const buffer = run(
    () =>
      block(
        v128.store(
          i32.const(16),
          f64x2.div(f64x2.splat(f64.load(i32.const(8))), f64x2.add(v128.load(i32.const(0)), v128.load(i32.const(0)))),
        ),
        f64.store(i32.const(32), f64.div(f64.load(i32.const(0)), f64.load(i32.const(8)))),
      ),
    memory,
  );
  expect([...new Float64Array(buffer, 16, 3)]).toEqual([3 / 0.2, 3 / 6, 0.1 / 3]);
});

test('16-bit integers are loaded with their sign, and integers divided, compared and masked', () => {
  const memory = createMemory(1024);
  new Int16Array(memory.buffer, 0, 1).set([-7]);
  const value = i32.load16(i32.const(0));
  const buffer = run(
    () =>
      block(
        i32.store(i32.const(4), value),
        i32.store(i32.const(8), i32.div(value, i32.const(2))),
        i32.store(i32.const(12), i32.notEqual(value, i32.const(0))),
        i32.store(i32.const(16), i32.and(value, i32.const(3))),
        i32.store16(i32.const(20), i32.mul(i32.load(i32.const(8)), i32.sub(i32.const(1), i32.const(2)))),
      ),
    memory,
  );
  expect([...new Int32Array(buffer, 4, 5)]).toEqual([-7, -3, 1, 1, 3]);
});

test('lanes are summed and compared', () => {
  const memory = createMemory(1024);
  new Float32Array(memory.buffer, 0, 4).set([1, -7, 5, 3]);
  const buffer = run((newLocal) => {
    const lanes = newLocal('v128');
    return block(
      set(lanes, f32x4.add(v128.load(i32.const(0)), v128.load32Splat(i32.const(0)))),
      f32.store(i32.const(0), sumOfLanes(lanes)),
      f32.store(i32.const(4), maxOfLanes(lanes)),
    );
  }, memory);
  expect(floats(buffer, 2)).toEqual([6, 6]);
});
