/** What is used of an engine's `WebAssembly`: core compiles with neither Node's types nor a browser's. */
export interface Engine {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => Instance;
}

export interface Instance {
  readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } & {
    readonly [name: string]: unknown;
  };
}

/** @returns undefined where there is none. */
export function webAssembly(): Engine | undefined {
  return (globalThis as unknown as { readonly WebAssembly?: Engine }).WebAssembly;
}
