/** Why a direct match did not come about. */
export class DirectError extends Error {
  override readonly name = 'DirectError';
  readonly code:
    | 'malformed-offer'
    | 'no-agreement'
    | 'receivers-differ'
    | 'profiles-differ'
    | 'protocols-differ'
    | 'declined'
    | 'list-below-minimum'
    | 'partner-failed';

  constructor(code: DirectError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
