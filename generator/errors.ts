/** What a disk or a folder refused while files were generated. A wrong option is a `RangeError` that names it. */
export class GeneratorError extends Error {
  override readonly name = 'GeneratorError';
  readonly code: 'file-exists' | 'disk-full' | 'not-writable';

  constructor(code: GeneratorError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
