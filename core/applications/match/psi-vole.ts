/** psi/vole as a protocol of a match: run only where the terms name it, until somebody from outside has reviewed it. */
import type { KernelName } from '../../group/index.ts';
import { ProtocolError } from '../../protocols/index.ts';
import {
  discloseRole,
  type Form,
  type Geometry,
  geometryOf,
  partOf,
  wireBytes,
} from '../../protocols/psi-vole/index.ts';
import { rowSeconds } from '../estimate.ts';
import type { ProtocolOfMatch } from './protocol.ts';
import type { MatchTerms } from './terms.ts';

type Side = 'proposer' | 'partner';

/** Seconds of one core for a row of the longer list, by either role: arithmetic, and cutting the list on disk. */
const voleSeconds: Readonly<Record<KernelName, number>> = {
  ifma: 0.5e-6,
  avx2: 0.6e-6,
  portable: 2.2e-6,
  // It does not run there: a plan for such a node is refused before, and this keeps it a number.
  wasm: 2.2e-6,
};

export const psiVole: ProtocolOfMatch = {
  refusal(terms) {
    if (terms.proposer.learns === 'count') {
      return 'psi/vole cannot keep which rows match from both sides: let me, them or both receive, or name psi/ecdh';
    }
    try {
      for (const size of ['rowsMax', 'rowsAbout'] as const) geometry(terms, size);
      return undefined;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (terms.traffic === 'low') return `${error.message}, without low traffic`;
      return 'one list is so much longer than the other that psi/vole cannot take it in pieces, or is over 1,000,000,000 identifiers: name psi/ecdh';
    }
  },

  disclosure(terms, side) {
    const { role, mode } = part(terms, side);
    return discloseRole(role, mode, geometry(terms, 'rowsMax'));
  },

  receivesAbout(terms, side) {
    const { role, mode } = part(terms, side);
    return discloseRole(role, mode, geometry(terms, 'rowsAbout')).receives;
  },

  assumptions: [
    {
      en: 'psi/vole rests on more than the default does: besides elliptic-curve Diffie–Hellman (ristretto255) and AES, on a code-based assumption (dual LPN) with a code and parameters of this project’s own, which nobody from outside has reviewed yet.',
      zh: 'psi/vole 依赖的假设多于默认协议：除椭圆曲线 Diffie–Hellman（ristretto255）与 AES 外，还依赖基于编码的假设（对偶 LPN），其编码与参数由本项目自行设计，尚未经外部人员评审。',
    },
    {
      en: 'It is safe against partners that run the agreed program only (semi-honest). A manipulated receiver could bring a third more identifiers than declared, or guess at the sender’s key of the run, with which it could try any identifier against its list, but where each wrong guess ends the run; a manipulated sender could learn a few bits about the receiver’s randomness, and make single matches fail.',
      zh: '仅对运行约定程序的对方安全（半诚实模型）。被篡改的接收方可多带约三分之一的标识，或猜测发送方本次运行的密钥（猜中后可用任意标识试探其名单，但每次猜错都会终止运行）；被篡改的发送方可获知接收方随机数的少量比特，并使个别匹配失败。',
    },
    {
      en: 'Only masked vectors and short sorted tags cross the wire, all of lengths that follow from the declared sizes; each run uses fresh secrets, so two runs cannot be compared.',
      zh: '网络上只传输掩码后的向量和排序后的短标签，其长度仅由声明的规模决定；每次运行使用新的秘密，两次运行无法相互比对。',
    },
  ],

  runsOn: (kernel) => kernel !== 'wasm',

  effort(terms, side, kernel) {
    const { receiver, sender } = sizes(terms, 'rowsAbout');
    const longest = Math.max(receiver, sender);
    return { points: 0, coreSeconds: rowSeconds * terms[side].rowsAbout + voleSeconds[kernel] * longest };
  },

  bytesAbout(terms) {
    const { receiver, sender } = wireBytes(geometry(terms, 'rowsAbout'), part(terms, 'proposer').mode);
    return receiver + sender;
  },
};

/** The form of psi/vole that the terms ask for. */
export function voleForm({ traffic }: { readonly traffic?: 'low' | undefined }): Form {
  return traffic === 'low' ? 'low' : 'fast';
}

function part(terms: MatchTerms, side: Side) {
  const peer = side === 'proposer' ? 'partner' : 'proposer';
  return partOf(side, { own: terms[side].learns, peer: terms[peer].learns });
}

function sizes(terms: MatchTerms, size: 'rowsAbout' | 'rowsMax') {
  const [receiver, sender] =
    part(terms, 'proposer').role === 'receiver' ? [terms.proposer, terms.partner] : [terms.partner, terms.proposer];
  return { receiver: receiver[size], sender: sender[size] };
}

function geometry(terms: MatchTerms, size: 'rowsAbout' | 'rowsMax'): Geometry {
  return geometryOf(sizes(terms, size), voleForm(terms));
}
