/** Who will learn what, as the guest's page and the host's node both make it: what a match of the two would say, and what is a guest's alone. */
import { type Disclosure, withDigest } from '../disclosure.ts';
import { disclose as discloseMatch } from '../match/index.ts';
import type { Words } from '../words.ts';
import { type GuestTerms, matchOf } from './terms.ts';

const ofGuests: readonly Words[] = [
  {
    en: 'The guest runs a program that the host serves: it relies on the host for what its page does with its file.',
    zh: '访客运行的是主办方提供的程序：页面如何处理文件，访客须信任主办方。',
  },
  {
    en: 'The host knows the guest by the link that it sent, and by nothing else: a guest can bring identifiers that it does not really hold, up to its limit.',
    zh: '主办方仅凭所发链接识别访客：访客可以在其上限内加入并不真正拥有的标识。',
  },
];

export function disclose(terms: GuestTerms): Disclosure {
  const { digest: _, ...statement } = discloseMatch(matchOf(terms));
  return withDigest({ ...statement, assumptions: [...statement.assumptions, ...ofGuests] });
}
