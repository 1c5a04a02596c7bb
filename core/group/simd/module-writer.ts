/** Functions, and the module of WebAssembly that they make (WebAssembly Core Specification 3.0, §5.5): one memory of its own, no imports. */
import { utf8ToBytes } from '../../bytes/index.ts';
import { control, type I32, i32, local, type Statement, unsigned, type V128, v128 } from './instructions.ts';

const type = { i32: 0x7f, v128: 0x7b, function: 0x60 };
const section = { type: 1, function: 3, memory: 5, export: 7, code: 10 };

/** A function of the module, as others call it. It takes i32, and gives nothing. */
export type Callable = (...operands: I32[]) => Statement;

export interface Variable {
  readonly value: V128;
  readonly set: (value: V128) => void;
}

/** Takes statements in order, and hands out locals. */
export class FunctionWriter {
  readonly #parameterCount: number;
  readonly #code: number[] = [];
  readonly #localTypes: number[] = [];
  readonly #constants = new Map<bigint, V128>();
  readonly #constantCode: number[] = [];

  constructor(parameterCount: number) {
    this.#parameterCount = parameterCount;
  }

  do(statement: Statement): void {
    for (const byte of statement) this.#code.push(byte);
  }

  parameter(index: number): I32 {
    return local.get(index);
  }

  /** A local whose value is set again and again. */
  variable(): Variable {
    const index = this.#newLocal(type.v128);
    return { value: local.get(index), set: (value) => this.do(local.set(index, value)) };
  }

  /** Computes a value once, here. @returns what reads it. */
  keep(value: V128): V128 {
    const variable = this.variable();
    variable.set(value);
    return variable.value;
  }

  /** The same 64 bits in both lanes, set once at the beginning of the function. */
  constant(bits: bigint): V128 {
    const wrapped = BigInt.asUintN(64, bits);
    const known = this.#constants.get(wrapped);
    if (known) return known;
    const index = this.#newLocal(type.v128);
    this.#constantCode.push(...local.set(index, v128.constant(wrapped)));
    this.#constants.set(wrapped, local.get(index));
    return local.get(index);
  }

  /** Does `body` with a counter from `from` by `step` until it is `to`, which is not tried before the first time. */
  count({ from, to, step }: { readonly from: I32; readonly to: I32; readonly step: number }, body: (at: I32) => void) {
    const counter = this.#newLocal(type.i32);
    this.do(local.set(counter, from));
    const before = this.#code.length;
    body(local.get<'i32'>(counter));
    const once: Statement = this.#code.splice(before);
    const next = local.tee<'i32'>(counter, i32.add(local.get(counter), i32.constant(step)));
    this.do(control.doWhile(once, i32.sub(next, to)));
  }

  /** Locals and body, as the code section has them. */
  finish(): number[] {
    const groups: (readonly [count: number, type: number])[] = [];
    for (const each of this.#localTypes) {
      const last = groups.at(-1);
      if (last?.[1] === each) groups.splice(-1, 1, [last[0] + 1, each]);
      else groups.push([1, each]);
    }
    const locals = groups.flatMap(([count, each]) => [...unsigned(count), each]);
    const body = [...unsigned(groups.length), ...locals, ...this.#constantCode].concat(this.#code, 0x0b);
    return unsigned(body.length).concat(body);
  }

  #newLocal(of: number): number {
    return this.#parameterCount + this.#localTypes.push(of) - 1;
  }
}

export class ModuleWriter {
  readonly #functions: { readonly parameterCount: number; readonly bytes: readonly number[] }[] = [];
  readonly #exports: { readonly name: string; readonly kind: 'function' | 'memory'; readonly index: number }[] = [
    { name: 'memory', kind: 'memory', index: 0 },
  ];

  /** Adds a function that takes this many i32. @param exportedAs its name outside; without one it is called from within alone. */
  add(parameterCount: number, write: (code: FunctionWriter) => void, exportedAs?: string): Callable {
    const writer = new FunctionWriter(parameterCount);
    write(writer);
    const index = this.#functions.push({ parameterCount, bytes: writer.finish() }) - 1;
    if (exportedAs !== undefined) this.#exports.push({ name: exportedAs, kind: 'function', index });
    return (...operands) => {
      if (operands.length !== parameterCount)
        throw new RangeError(`expected ${parameterCount} operands, got ${operands.length}`);
      return control.call(index, operands);
    };
  }

  /** @param memoryBytes what the module's memory holds at least; it does not grow. */
  finish(memoryBytes: number): Uint8Array<ArrayBuffer> {
    // Type i takes i of i32.
    const typeCount = 1 + Math.max(...this.#functions.map(({ parameterCount }) => parameterCount));
    const types = Array.from({ length: typeCount }, (_, count) => [
      type.function,
      count,
      ...Array(count).fill(type.i32),
      0,
    ]);
    const exported = this.#exports.map(({ name, kind, index }) => {
      const text = utf8ToBytes(name);
      return [...unsigned(text.length), ...text, kind === 'function' ? 0 : 2, ...unsigned(index)];
    });
    const pages = unsigned(Math.ceil(memoryBytes / 65_536));
    return Uint8Array.from(
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(
        sectionOf(section.type, types),
        sectionOf(
          section.function,
          this.#functions.map(({ parameterCount }) => [parameterCount]),
        ),
        sectionOf(section.memory, [[0x01, ...pages, ...pages]]),
        sectionOf(section.export, exported),
        sectionOf(
          section.code,
          this.#functions.map(({ bytes }) => bytes),
        ),
      ),
    );
  }
}

/** A section that holds a vector (§5.1.3). */
function sectionOf(id: number, items: readonly (readonly number[])[]): number[] {
  const content = unsigned(items.length).concat(...items);
  return [id, ...unsigned(content.length)].concat(content);
}
