/**
 * WebAssembly's instructions, as far as they are needed here, as functions over the bytes of their operands: an expression is written as it
 * would be in any language. Opcodes: WebAssembly Core Specification 3.0, §5.4 (numeric, memory), and its vectors with the relaxed ones.
 */

declare const holds: unique symbol;

/** What an expression leaves on the stack; `none` for a statement. */
export type ValueType = 'i32' | 'v128' | 'none';

/** Bytes of instructions that leave a value of this type. */
export type Code<T extends ValueType> = readonly number[] & { readonly [holds]?: T };
export type I32 = Code<'i32'>;
export type V128 = Code<'v128'>;
export type Statement = Code<'none'>;

/** Unsigned LEB128 (§5.2.2). */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** Signed LEB128 of a value from −2^31 to 2^31 − 1. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}

const vector = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const unary = (opcode: number) => {
  const bytes = vector(opcode);
  return (a: V128): V128 => [...a, ...bytes];
};
const binary = (opcode: number) => {
  const bytes = vector(opcode);
  return (a: V128, b: V128): V128 => [...a, ...b, ...bytes];
};
const ternary = (opcode: number) => {
  const bytes = vector(opcode);
  return (a: V128, b: V128, c: V128): V128 => [...a, ...b, ...c, ...bytes];
};
const shift = (opcode: number) => {
  const bytes = vector(opcode);
  return (a: V128, bits: number): V128 => [...a, ...i32.constant(bits), ...bytes];
};
/** Alignment as exponent of 2, and offset (§5.4.6). */
const memoryArgument = (offset: number): number[] => [...unsigned(4), ...unsigned(offset)];

export const i32 = {
  constant: (value: number): I32 => [0x41, ...signed(value)],
  add: (a: I32, b: I32): I32 => [...a, ...b, 0x6a],
  sub: (a: I32, b: I32): I32 => [...a, ...b, 0x6b],
  multiply: (a: I32, b: I32): I32 => [...a, ...b, 0x6c],
};

export const v128 = {
  load: (address: I32, offset: number): V128 => [...address, ...vector(0x00), ...memoryArgument(offset)],
  store: (address: I32, offset: number, value: V128): Statement => [
    ...address,
    ...value,
    ...vector(0x0b),
    ...memoryArgument(offset),
  ],
  /** The same 64 bits in both lanes. */
  constant: (bits: bigint): V128 => {
    const lane = Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(8 * i)) & 255n));
    return [...vector(0x0c), ...lane, ...lane];
  },
  and: binary(0x4e),
  or: binary(0x50),
  xor: binary(0x51),
  not: unary(0x4d),
  /** Bits of `a` where the mask has ones, bits of `b` elsewhere. */
  select: (mask: V128, a: V128, b: V128): V128 => [...a, ...b, ...mask, ...vector(0x52)],
  /** Lane 0 of both. */
  lowLanes: (a: V128, b: V128): V128 => shuffle(a, b, 0),
  /** Lane 1 of both. */
  highLanes: (a: V128, b: V128): V128 => shuffle(a, b, 8),
};

function shuffle(a: V128, b: V128, first: number): V128 {
  const lane = (from: number) => Array.from({ length: 8 }, (_, i) => from + first + i);
  return [...a, ...b, ...vector(0x0d), ...lane(0), ...lane(16)];
}

export const i64x2 = {
  add: binary(0xce),
  sub: binary(0xd1),
  equal: binary(0xd6),
  shiftLeft: shift(0xcb),
  shiftRight: shift(0xcd),
};

export const i16x8 = { multiply: binary(0x95) };

export const f64x2 = {
  add: binary(0xf0),
  sub: binary(0xf1),
  /** a·b + c; rounded once where the engine has an instruction that does so, twice elsewhere (relaxed vectors, `relaxed_madd`). */
  multiplyAdd: ternary(0x107),
};

export const local = {
  get: <T extends ValueType>(index: number): Code<T> => [0x20, ...unsigned(index)],
  set: (index: number, value: Code<'i32' | 'v128'>): Statement => [...value, 0x21, ...unsigned(index)],
  /** Sets it, and leaves the value. */
  tee: <T extends ValueType>(index: number, value: Code<T>): Code<T> => [...value, 0x22, ...unsigned(index)],
};

export const control = {
  call: (index: number, operands: readonly I32[]): Statement => [...operands.flat(), 0x10, ...unsigned(index)],
  /** Does the body and then, while the condition is not 0, does it again. */
  doWhile: (body: Statement, condition: I32): Statement => [0x03, 0x40, ...body, ...condition, 0x0d, 0x00, 0x0b],
};
