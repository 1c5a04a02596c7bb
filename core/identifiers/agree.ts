/**
 * Agreement time: two sides' profiles of one identifier are brought to a common form, or refused in words. Both nodes
 * compute this from the same two profiles and must come to the same common form, so that nothing here depends on who asks.
 */
import { type Lift, lift, losesValues } from './lift.ts';
import {
  type DigestName,
  digestLabels,
  formatProfile,
  formLabels,
  type IdForm,
  type IdProfile,
  typeFacts,
} from './profile.ts';
import type { Sentence } from './reasons.ts';

export type DisagreementCode =
  | 'type-differs'
  | 'namespace-differs'
  | 'version-differs'
  | 'digest-differs'
  | 'form-differs';

export type Comparison =
  | {
      readonly ok: true;
      /** What goes into the match: the canonical text of this profile. */
      readonly common: IdProfile;
      /** What each side must still do to the values that its import wrote. */
      readonly mine: Lift;
      readonly theirs: Lift;
      readonly sentence: Sentence;
    }
  | { readonly ok: false; readonly code: DisagreementCode; readonly sentence: Sentence };

/** @returns the common form with each side's steps; or why the two columns can never match, and what to do. */
export function compareProfiles(mine: IdProfile, theirs: IdProfile): Comparison {
  const names = { mine: formatProfile(mine), theirs: formatProfile(theirs) };
  if (mine.type !== theirs.type)
    return refuse('type-differs', names, 'they are different identifiers', '两者不是同一种标识');
  if (mine.namespace !== theirs.namespace) {
    return refuse(
      'namespace-differs',
      names,
      'an identifier of one app, account or system means nothing in another',
      '不同应用、账号或系统内的标识不可比',
    );
  }
  if (mine.version !== theirs.version) {
    return refuse(
      'version-differs',
      names,
      'CAIDs of different versions never match; use one version on both sides',
      '不同版本的 CAID 不会相同；请双方使用同一版本',
    );
  }
  const digests = longerChain(mine.digests, theirs.digests);
  if (digests === null) {
    return refuse(
      'digest-differs',
      names,
      'a digest cannot be undone; one side must load plain text, or both the same digest',
      '摘要不可逆；请一方导入明文，或双方使用同一种摘要',
    );
  }

  const candidates = typeFacts[mine.type].forms.flatMap((form) => {
    const common = commonProfile(mine, theirs, form, digests);
    const steps = { mine: lift(mine, common), theirs: lift(theirs, common) };
    return steps.mine === null || steps.theirs === null ? [] : [{ common, mine: steps.mine, theirs: steps.theirs }];
  });
  const loses = ({ mine: here, theirs: there }: { readonly mine: Lift; readonly theirs: Lift }) =>
    losesValues(mine.type, here) || losesValues(mine.type, there);
  const best = candidates.sort((a, b) => Number(loses(a)) - Number(loses(b)) || stepCount(a) - stepCount(b))[0];
  if (best === undefined) {
    return refuse(
      'form-differs',
      names,
      'the same person is written differently, and a digest or a rule hides the original; load both columns in one form',
      '同一个人的写法不同，且摘要或规则已隐藏原文；请双方以同一形式导入',
    );
  }
  return { ok: true, ...best, sentence: agreed(names, best, loses(best)) };
}

function longerChain(a: readonly DigestName[], b: readonly DigestName[]): readonly DigestName[] | null {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.every((digest, i) => digest === long[i]) ? long : null;
}

function commonProfile(mine: IdProfile, theirs: IdProfile, form: IdForm, digests: readonly DigestName[]): IdProfile {
  const parsed = mine.type === 'phone' && form === 'e164' && digests.length === 0;
  const region = mine.region === theirs.region ? mine.region : null;
  return { ...mine, form, digests, region: parsed ? (region ?? 'CN') : null };
}

function stepCount({ mine, theirs }: { readonly mine: Lift; readonly theirs: Lift }): number {
  return mine.length + theirs.length;
}

interface Names {
  readonly mine: string;
  readonly theirs: string;
}

function refuse(code: DisagreementCode, names: Names, en: string, zh: string): Comparison {
  const sentence = {
    en: `${names.mine} here, ${names.theirs} there: ${en}.`,
    zh: `本方 ${names.mine}，对方 ${names.theirs}：${zh}。`,
  };
  return { ok: false, code, sentence };
}

function agreed(
  names: Names,
  { common, mine, theirs }: { common: IdProfile; mine: Lift; theirs: Lift },
  loses: boolean,
): Sentence {
  const target = formatProfile(common);
  const tasks = [
    ...(mine.length > 0 ? [{ en: `this side ${verbs(mine)}`, zh: `本方${verbsZh(mine)}` }] : []),
    ...(theirs.length > 0 ? [{ en: `the other side ${verbs(theirs)}`, zh: `对方${verbsZh(theirs)}` }] : []),
  ];
  const todo = {
    en: tasks.length === 0 ? 'nothing to change' : tasks.map((task) => task.en).join(', '),
    zh: tasks.length === 0 ? '无需转换' : tasks.map((task) => task.zh).join('，'),
  };
  const loss = loses
    ? { en: ' Numbers of other countries fall out.', zh: '其他国家或地区的号码不参与匹配。' }
    : { en: '', zh: '' };
  return {
    en: `${names.mine} here, ${names.theirs} there: ${todo.en}; matched as ${target}.${loss.en}`,
    zh: `本方 ${names.mine}，对方 ${names.theirs}：${todo.zh}；按 ${target} 匹配。${loss.zh}`,
  };
}

function verbs(steps: Lift): string {
  return steps
    .map((step) =>
      step.kind === 'form' ? `writes ${formLabels[step.to].en}` : `hashes (${digestLabels[step.digest]})`,
    )
    .join(', then ');
}

function verbsZh(steps: Lift): string {
  return steps
    .map((step) => (step.kind === 'form' ? `转为${formLabels[step.to].zh}` : `做 ${digestLabels[step.digest]} 摘要`))
    .join('，再');
}
