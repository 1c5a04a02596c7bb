/** The network as every run finds it: founded, both parties joined, their datasets published, the agreement signed by all. */
import { type Bodies, type EntryType, encodeRecord, Sequencer, signConsent, signEntry } from '@causeway/core/ledger';
import { epochMs } from '../world/process.ts';
import { keyPairs, memberOf, network, type Organisation, organisations, parties } from './organisations.ts';

export const description = { rowsAbout: 0, ids: [{ column: 'id', profile: 'custom' }], attributes: [] } as const;

/** @returns the leaves and the head that the operator signed over them. */
export function firstRecords(
  proposal: Bodies['agreement.proposed'],
  operator: Organisation,
): { readonly leaves: readonly Uint8Array[]; readonly head: string } {
  const sequencer = new Sequencer({ network, organisation: operator, keyPair: keyPairs[operator] });
  // Earlier than any clock of the run says, whatever its skew.
  let atMs = epochMs - 200_000;
  const leaves: Uint8Array[] = [];
  const post = <Type extends EntryType>(author: Organisation, type: Type, body: Bodies[Type]) => {
    atMs += 1000;
    const entry = signEntry({ network, author, atMs, type, body }, keyPairs[author]);
    leaves.push(encodeRecord(sequencer.append(entry, atMs)));
  };
  post(operator, 'network.created', { name: 'Simulation', operator: memberOf(operator) });
  for (const name of organisations) {
    if (name === operator) continue;
    const member = memberOf(name);
    post(operator, 'member.joined', { member, consent: signConsent({ network, member }, keyPairs[name]) });
  }
  for (const party of parties) post(party, 'dataset.published', { dataset: 'people', name: 'People', description });
  const [proposer, ...others] = proposal.parties as readonly Organisation[];
  post(proposer!, 'agreement.proposed', proposal);
  for (const party of others) post(party, 'agreement.signed', { agreement: proposal.agreement });
  return { leaves, head: sequencer.checkpoint(atMs) };
}
