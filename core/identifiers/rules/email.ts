/** E-mail addresses: one base rule, and the mailbox rules of those who publish one. */
import type { IdForm } from '../profile.ts';
import type { Derivation, RefusalTest, Rule } from '../rules.ts';
import { quotes } from '../text.ts';
import { brokenText, firstRefusals, foldingChanges, hexDigest, lowered, notAscii } from './shared-tests.ts';

/**
 * RFC 5321's limits; dots anywhere, since mailboxes such as `a..b.@docomo.ne.jp` exist. Quoted mailbox names are
 * refused, and a `'` or `=` in front is a spreadsheet's.
 */
const mailbox = "[a-z0-9!#$%&*+/?^_`{|}~.-][a-z0-9!#$%&'*+/=?^_`{|}~.-]{0,63}";
const domain = '(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]*[a-z0-9])';

/** Addresses that forms and till systems are filled with. */
const placeholder: RefusalTest = {
  reason: 'placeholder',
  pattern:
    '^(?:(?:no|none|null|na|nil|nan|noemail|no-email|unknown|undefined)@(?:no|none|null|na|nil|nan|noemail|no-email|email|mail|unknown|undefined)\\.[a-z]+|(?:test@test|a@a|aa@aa|x@x|xx@xx|xxx@xxx|0@0|1@1|123@123|abc@abc|asd@asd)\\.[a-z]+)$',
};

const severalAddresses: RefusalTest = { reason: 'several-values', pattern: '@[^@]*[,;/|、，；\\t\\n\\r ][^@]*@' };

type Mailbox = Extract<Derivation, { kind: 'mailbox' }>;

const mailboxRules: Partial<Record<IdForm, Mailbox>> = {
  // IABTechLab/uid2docs, gs-normalization-encoding: gmail.com only.
  uid2: { kind: 'mailbox', domains: ['gmail.com'], dots: true, tag: true },
  // developers.google.cn/data-manager/api/get-started/formatting: no rule for + is stated.
  google: { kind: 'mailbox', domains: ['gmail.com', 'googlemail.com'], dots: true, tag: false },
  // ads.tiktok.com/help/article/list-of-supported-ids-and-formats-for-a-customer-file: the tag, whatever the domain.
  tiktok: { kind: 'mailbox', domains: null, dots: false, tag: true },
};

/** @returns undefined for the forms that leave the mailbox name alone. */
export function mailboxRuleOf(form: IdForm): Mailbox | undefined {
  return mailboxRules[form];
}

export function emailRule(form: IdForm): Rule {
  const derive = mailboxRules[form];
  return {
    bytesMax: 254,
    canonical: `^${mailbox}@${domain}$`,
    canonicalUnless: derive === undefined ? null : affected(derive),
    tidy: '^[0-9A-Za-z][0-9A-Za-z+._@-]*[0-9A-Za-z]$',
    fold: 'ascii',
    letterCase: 'lower',
    strip: quotes,
    // Google: "remove all spaces", not only those around.
    remove: form === 'google' ? ' \t\n\v\f\r' : '',
    damage: [],
    vetoes: derive === undefined ? [placeholder] : [placeholder, nothingLeft(derive)],
    accept: `^${mailbox}@${domain}$`,
    derive: derive ?? { kind: 'same' },
    changes: [...foldingChanges(''), lowered],
    refusals: [...firstRefusals, hexDigest, severalAddresses, brokenText, notAscii],
    otherwise: 'malformed',
    region: null,
  };
}

function affected(rule: Mailbox): string {
  return `${characters(rule)}[^@]*@${atDomains(rule)}$`;
}

/** `+news@gmail.com` has no mailbox name once the rule has worked. */
function nothingLeft(rule: Mailbox): RefusalTest {
  const tag = rule.tag ? '(?:\\+[^@]*)?' : '';
  return { reason: 'malformed', pattern: `^${rule.dots ? '\\.*' : ''}${tag}@${atDomains(rule)}$` };
}

function characters(rule: Mailbox): string {
  return rule.dots && rule.tag ? '[.+]' : rule.dots ? '\\.' : '\\+';
}

function atDomains(rule: Mailbox): string {
  return rule.domains === null ? '[^@]*' : `(?:${rule.domains.map((name) => name.replaceAll('.', '\\.')).join('|')})`;
}
