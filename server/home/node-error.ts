/** The node itself cannot do what was asked: its home, its network, its state. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly code:
    | 'home-exists'
    | 'no-home'
    | 'broken-home'
    | 'bad-name'
    | 'already-running'
    | 'no-network'
    | 'already-in-network'
    | 'not-operator'
    | 'invite-refused'
    | 'partner-unreachable'
    | 'profiles-differ'
    | 'values-refused'
    | 'terms-refused'
    | 'room-closed'
    | 'not-a-receiver'
    | 'four-eyes'
    | 'disclosure-differs'
    | 'native-library-missing'
    | 'guest-invite'
    | 'guest-session'
    | 'conflict';
  readonly remedy: string | undefined;
  readonly partner: string | undefined;

  constructor(
    code: NodeError['code'],
    message: string,
    options: ErrorOptions & { readonly remedy?: string; readonly partner?: string } = {},
  ) {
    super(message, options);
    this.code = code;
    this.remedy = options.remedy;
    this.partner = options.partner;
  }
}
