/** What both roles do alike: speak and hear through the party, with everything in the transcript. */
import { equalBytes } from '../../bytes/index.ts';
import { GroupError } from '../../group/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Hello, Message, Role } from './messages.ts';
import { SumParty } from './party.ts';
import type { Conversation, RoleOptions } from './role-options.ts';
import { expectType } from './role-options.ts';
import { Transcript } from './transcript.ts';

export class Talk {
  readonly party: SumParty;
  readonly conversation: Conversation;
  readonly #role: Role;
  readonly #own: Hello;
  readonly #transcript: Transcript;

  private constructor(party: SumParty, conversation: Conversation, role: Role, own: Hello, transcript: Transcript) {
    this.party = party;
    this.conversation = conversation;
    this.#role = role;
    this.#own = own;
    this.#transcript = transcript;
  }

  /** Exchanges the hellos. */
  static async begin(
    options: RoleOptions,
    conversation: Conversation,
    role: Role,
    own: Pick<Hello, 'rows' | 'root' | 'blindingKey' | 'opening'>,
  ): Promise<Talk> {
    const { run, side, plan, planDigest, peerRows, batchRows } = options;
    const said = { ...own, kernel: options.sums.name };
    const party = new SumParty({ run, side, role, plan, planDigest, own: said, peerRows, batchRows });
    const heard = await conversation.meet((held) => party.hello(held));
    const peer = party.meet(heard);
    party.checkUnchanged(await options.keep('peer-hello', async () => heard));
    conversation.resume(peer.held);
    const hello: Hello = { type: 'hello', version: peer.version, role, plan: planDigest, ...said, held: 0 };
    return new Talk(party, conversation, role, hello, new Transcript(run, options.sha256));
  }

  async say(message: Message): Promise<void> {
    const bytes = this.party.encode(message);
    if (message.type !== 'done') this.#transcript.add(this.#role, message.type, bytes);
    await this.conversation.say(bytes);
  }

  async hear<Type extends Exclude<Message['type'], 'hello'>>(type: Type): Promise<Extract<Message, { type: Type }>> {
    return expectType(await this.hearAny(), type);
  }

  async hearAny(): Promise<Exclude<Message, Hello>> {
    const bytes = await this.conversation.hear();
    const message = this.party.receive(bytes);
    if (message.type !== 'done')
      this.#transcript.add(this.#role === 'receiver' ? 'sender' : 'receiver', message.type, bytes);
    return message;
  }

  /** Ends the transcript: nothing but `done` is said after. */
  close(): ReturnType<Transcript['close']> {
    const { peer } = this.party;
    return this.#transcript.close(
      this.#role === 'receiver' ? { receiver: this.#own, sender: peer } : { receiver: peer, sender: this.#own },
    );
  }
}

/** @throws {ProtocolError} `commitment` unless the list that came is the one of the hello. */
export function checkRoot(received: Uint8Array, hello: Hello): void {
  if (equalBytes(received, hello.root)) return;
  throw new ProtocolError(
    'commitment',
    "the partner's list differs from the one it committed to at the start of this run",
  );
}

/** Runs a role: a group element that a peer got wrong is its failure, by the row. */
export async function refusingPoints<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    throw new ProtocolError('malformed-point', `the partner sent an invalid element (#${error.index + 1} of a batch)`, {
      cause: error,
    });
  }
}
