/** The engine's own codecs of text: core compiles with neither Node's types nor a browser's, and one written here would be several times slower. */

interface Decoder {
  /** @throws {TypeError} for bytes that are no text, where `fatal` was asked for. */
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

interface Encoder {
  /** @returns `written`, in bytes. A lone surrogate becomes U+FFFD. */
  encodeInto(text: string, to: Uint8Array): { readonly written: number };
}

const engine = globalThis as unknown as {
  readonly TextDecoder: new (
    label: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030',
    options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
  ) => Decoder;
  readonly TextEncoder: new () => Encoder;
};

export const { TextDecoder, TextEncoder } = engine;
