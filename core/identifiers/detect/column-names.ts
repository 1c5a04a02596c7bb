/** What a column's name says about its identifiers, in English, Chinese and pinyin. */
import type { DigestName, IdType } from '../profile.ts';

export interface NameHint {
  readonly type: IdType | null;
  /** The digests that the name speaks of, as in `phone_md5` or 手机号SHA256. */
  readonly digests: readonly DigestName[];
  /** The name is of something that only looks like an identifier: an order, an amount, a time. */
  readonly otherThing: boolean;
}

interface Names {
  readonly type: IdType;
  /** Whole words of the name, after digests are taken out. */
  readonly words: RegExp;
  /** Found anywhere: Chinese has no spaces. */
  readonly chinese: RegExp | null;
}

/** The first that fits: 微信 openid before anything that ends in id. */
const names: readonly Names[] = [
  {
    type: 'email',
    words: /^(?:e?mails?|(?:e?mail|mailbox)(?:address|addr)|mailbox|youxiang)$/,
    chinese: /邮箱|邮件|电邮/,
  },
  {
    type: 'phone',
    words:
      /^(?:(?:mobile|cell|tele|hand)?phones?(?:number|num|no|id)?|(?:mobile|cell)(?:number|num|no)?|mobiles|tel|telno|msisdn|shouji(?:hao|haoma)?|dianhua)$/,
    chinese: /手机|电话|联系方式|移动号码/,
  },
  { type: 'imei', words: /^(?:imei|meid)[12]?$/, chinese: null },
  { type: 'oaid', words: /^oaid$/, chinese: null },
  { type: 'idfa', words: /^(?:idfa|ifa)$/, chinese: null },
  { type: 'caid', words: /^caid[12]?$/, chinese: null },
  { type: 'mac', words: /^(?:mac|macaddr|macaddress)$/, chinese: /物理地址|网卡地址/ },
  { type: 'openid', words: /^(?:wx|wechat)?openid$/, chinese: null },
  { type: 'unionid', words: /^(?:wx|wechat)?unionid$/, chinese: null },
  { type: 'cookie', words: /^cookies?(?:id)?$/, chinese: null },
  {
    type: 'custom',
    words:
      /^(?:uid|uuid|guid|userid|customerid|memberid|custid|clientid|accountid|personid|vipid|crmid|memberno|customerno|cardno)$/,
    chinese: /会员号|会员卡号|会员编号|会员id|客户号|客户编号|客户id|用户编号|用户id|用户标识|账号/,
  },
];

const otherThings = /订单|金额|价格|时间|日期|数量|年龄|邮编/;
const otherWords =
  /^(?:order|orderid|orderno|amount|price|cost|time|date|timestamp|datetime|ts|quantity|qty|count|age|zip|zipcode|postcode|sku|invoice|registered|created|updated)$/;

export function hintOf(name: string): NameHint {
  const digests: DigestName[] = [];
  const bare = name.normalize('NFKC').replace(/md5|sha-?_?256|sm3/gi, (found) => {
    digests.push(/^md5$/i.test(found) ? 'md5' : /^sm3$/i.test(found) ? 'sm3' : 'sha256');
    return ' ';
  });
  const words = bare
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  // `user_id` is one thing in two words.
  const pairs = words.slice(1).map((word, i) => words[i]! + word);
  const text = bare.toLowerCase().replace(/[\s_-]+/g, '');
  const found = names.find(
    ({ words: fits, chinese }) => [...pairs, ...words].some((word) => fits.test(word)) || chinese?.test(text),
  );
  const otherThing = otherThings.test(text) || words.some((word) => otherWords.test(word));
  const bareId = words.length === 1 && words[0] === 'id';
  const type = found?.type ?? (bareId ? 'custom' : null);
  return { type: type === 'custom' && otherThing ? null : type, digests, otherThing };
}
