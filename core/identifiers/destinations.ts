/**
 * What each destination wants an identifier to be: form, digest, encoding, and its own name for the column. Data, from the
 * pages named in `source`; where a platform changes its rule, the entry here is all that changes.
 */
import { bytesToBase64, hexToBytes } from '../bytes/index.ts';
import { lift, liftSql, liftText } from './lift.ts';
import type { DigestName, IdForm, IdProfile, IdType } from './profile.ts';
import type { Sentence } from './reasons.ts';

export interface DestinationField {
  readonly type: IdType;
  readonly form: IdForm;
  readonly digests: readonly DigestName[];
  /** How the digest's bytes are written; `text` where there is no digest. */
  readonly encoding: 'text' | 'hex' | 'base64';
  /** The destination's own name or number for such a column; empty where it has none. */
  readonly code: string;
}

export interface Destination {
  readonly id: string;
  readonly name: Sentence;
  /**
   * How its file is laid out: a `list` of identifiers of one kind, one in a line without a header; or a `table` in CSV with one column for
   * each kind, under the destination's names.
   */
  readonly layout: 'list' | 'table';
  readonly fields: readonly DestinationField[];
  readonly source: string;
  /** What its documents leave open. */
  readonly caution?: string;
}

export const destinations: readonly Destination[] = [
  {
    id: 'pair',
    name: { en: 'PAIR (IAB Tech Lab)', zh: 'PAIR（IAB Tech Lab）' },
    layout: 'list',
    fields: [field('email', 'plain', 'sha256'), field('phone', 'e164', 'sha256')],
    source: 'InteractiveAdvertisingBureau/PAIR:PAIR.md',
    caution: 'The specification does not say whether + belongs to the number.',
  },
  {
    id: 'admap',
    name: { en: 'ADMaP (IAB Tech Lab)', zh: 'ADMaP（IAB Tech Lab）' },
    layout: 'list',
    fields: [field('email', 'plain', 'sha256'), field('phone', 'e164', 'sha256')],
    source: 'InteractiveAdvertisingBureau/ADMAP:ADMAP.md',
    caution: 'The specification does not say whether + belongs to the number.',
  },
  {
    id: 'uid2',
    name: { en: 'Unified ID 2.0', zh: 'Unified ID 2.0' },
    layout: 'table',
    fields: [
      field('email', 'uid2', 'sha256', 'base64', 'email_hash'),
      field('phone', 'e164', 'sha256', 'base64', 'phone_hash'),
    ],
    source: 'IABTechLab/uid2docs:docs/getting-started/gs-normalization-encoding.md',
  },
  {
    id: 'google',
    name: { en: 'Google Data Manager and Ads', zh: 'Google Data Manager 与 Ads' },
    layout: 'table',
    fields: [field('email', 'google', 'sha256'), field('phone', 'e164', 'sha256'), field('idfa', 'plain', null)],
    source: 'developers.google.cn/data-manager/api/get-started/formatting',
  },
  {
    id: 'meta',
    name: { en: 'Meta Conversions API', zh: 'Meta 转化 API' },
    layout: 'table',
    fields: [field('email', 'plain', 'sha256', 'hex', 'em'), field('phone', 'digits', 'sha256', 'hex', 'ph')],
    source: 'developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters',
  },
  {
    id: 'snap',
    name: { en: 'Snap Conversions API', zh: 'Snap 转化 API' },
    layout: 'table',
    fields: [field('email', 'plain', 'sha256'), field('phone', 'digits', 'sha256'), field('idfa', 'lower', 'sha256')],
    source: 'developers.snap.com/api/marketing-api/Conversions-API/BestPractices',
  },
  {
    id: 'tiktok',
    name: { en: 'TikTok customer file', zh: 'TikTok 客户文件' },
    layout: 'table',
    fields: [
      field('email', 'tiktok', 'sha256', 'hex', 'Email_SHA256'),
      field('phone', 'e164', 'sha256', 'hex', 'Phone_SHA256'),
      field('idfa', 'plain', 'md5', 'hex', 'MAID_MD5'),
      field('idfa', 'plain', 'sha256', 'hex', 'MAID_SHA256'),
    ],
    source: 'ads.tiktok.com/help/article/list-of-supported-ids-and-formats-for-a-customer-file',
    caution: 'Its published digest of a number is without +, against its own rule: try a small upload first.',
  },
  {
    id: 'x',
    name: { en: 'X Ads', zh: 'X 广告' },
    layout: 'table',
    fields: [field('email', 'plain', 'sha256'), field('idfa', 'lower', 'sha256')],
    source: 'developer.x.com/en/docs/x-ads-api/audiences/overview/user-data',
  },
  {
    id: 'tencent-ads',
    name: { en: 'Tencent Ads', zh: '腾讯广告' },
    layout: 'list',
    fields: [
      field('phone', 'cn', 'md5', 'hex', 'HASH_MOBILE_PHONE'),
      field('phone', 'cn', 'sha256', 'hex', 'SHA256_MOBILE_PHONE'),
      field('imei', 'plain', null, 'text', 'IMEI'),
      field('imei', 'plain', 'md5', 'hex', 'HASH_IMEI'),
      field('imei', 'plain', 'md5+sha256', 'hex', 'MD5_SHA256_IMEI'),
      field('idfa', 'plain', null, 'text', 'IDFA'),
      field('idfa', 'plain', 'md5', 'hex', 'HASH_IDFA'),
      field('idfa', 'plain', 'md5+sha256', 'hex', 'MD5_SHA256_IDFA'),
      field('oaid', 'plain', null, 'text', 'OAID'),
      field('oaid', 'plain', 'md5', 'hex', 'HASH_OAID'),
      field('oaid', 'plain', 'md5+sha256', 'hex', 'MD5_SHA256_OAID'),
      field('caid', 'plain', null, 'text', 'CAID'),
      field('openid', 'plain', null, 'text', 'WECHAT_OPENID'),
      field('unionid', 'plain', null, 'text', 'WX_UNIONID'),
    ],
    source: 'developers.e.qq.com/docs/api/audiences/custom_audience_file/custom_audience_files_add',
  },
  {
    id: 'tencent-cloud-irp',
    name: { en: 'Tencent Cloud recommendation (IRP)', zh: '腾讯云智能推荐' },
    layout: 'list',
    fields: [field('phone', 'cn', 'sm3', 'hex', 'phone_sm3')],
    source: 'tencentcloud-sdk-irp UserIdInfo',
  },
  {
    id: 'qianchuan',
    name: { en: 'Ocean Engine Qianchuan', zh: '巨量千川' },
    layout: 'list',
    fields: [
      field('imei', 'plain', null, 'text', '1'),
      field('idfa', 'plain', null, 'text', '2'),
      field('phone', 'cn', null, 'text', '4'),
      field('mac', 'plain', null, 'text', '5'),
      field('imei', 'plain', 'md5', 'hex', '11'),
      field('idfa', 'plain', 'md5', 'hex', '12'),
      field('phone', 'cn', 'sha256', 'hex', '14'),
      field('oaid', 'plain', null, 'text', '15'),
      field('oaid', 'plain', 'md5', 'hex', '16'),
      field('phone', 'cn', 'md5', 'hex', '17'),
      field('openid', 'plain', null, 'text', '18'),
    ],
    source: 'bububa/oceanengine:marketing-api/model/qianchuan/dmp/audience_create_by_file.go',
    caution: 'Known from a third-party SDK only; its rules of letter case are not published.',
  },
  {
    id: 'alibaba-databank',
    name: { en: 'Alibaba Databank', zh: '阿里品牌数据银行' },
    layout: 'list',
    fields: (['phone', 'email', 'mac', 'imei', 'idfa', 'oaid'] as const).flatMap((type) => [
      field(type, type === 'phone' ? 'cn' : 'plain', 'md5'),
      field(type, type === 'phone' ? 'cn' : 'plain', 'sha256'),
    ]),
    source: 'help.aliyun.com/en/document_detail/420396.html',
  },
  {
    id: 'alibaba-dmp',
    name: { en: 'Alibaba Dharma (DMP)', zh: '阿里达摩盘' },
    layout: 'list',
    fields: [field('phone', 'cn', 'sha256')],
    source: 'help.aliyun.com/en/document_detail/420469.html',
  },
];

/** A column of one's own, and what the destination gets of it. */
export interface ActivatedColumn {
  readonly column: string;
  readonly profile: IdProfile;
  readonly field: DestinationField;
}

/** How a person names a field: by the destination's code, or by kind and digests, such as `email/sha256`. */
export function fieldName({ code, type, digests }: DestinationField): string {
  return code || [type, ...digests].join('/');
}

/**
 * Which columns a destination can take, in the order of its fields: one for each kind in a table; for a list the one kind that is named by its
 * name, or else the first that is hashed.
 * @returns an empty list where no column can be brought to what it takes.
 */
export function activatedColumns(
  destination: Destination,
  columns: readonly Pick<ActivatedColumn, 'column' | 'profile'>[],
  name?: string,
): readonly ActivatedColumn[] {
  const found = destination.fields.flatMap((field) => {
    const from = columns.find(({ profile }) => exportSql(field, profile, '""') !== null);
    return from && (name === undefined || fieldName(field) === name) ? [{ ...from, field }] : [];
  });
  if (destination.layout === 'table') return found;
  const chosen = found.find(({ field }) => name !== undefined || field.digests.length > 0) ?? found[0];
  return chosen ? [chosen] : [];
}

/**
 * @param from the profile that the values have.
 * @returns the value as the destination wants it; null where this column or value has no such form.
 */
export function exportText(to: DestinationField, from: IdProfile, value: string): string | null {
  const steps = lift(from, targetProfile(to, from));
  const text = steps === null ? null : liftText(steps, value);
  return text === null || to.encoding !== 'base64' ? text : bytesToBase64(hexToBytes(text));
}

/** `exportText` as a DuckDB expression over a column; null where the column has no such form. */
export function exportSql(to: DestinationField, from: IdProfile, column: string): string | null {
  const steps = lift(from, targetProfile(to, from));
  if (steps === null) return null;
  const text = liftSql(steps, column);
  return to.encoding === 'base64' ? `to_base64(unhex(${text}))` : text;
}

/** A destination wants the identifier of the namespace and version that the column has. */
function targetProfile(to: DestinationField, from: IdProfile): IdProfile {
  return {
    type: to.type,
    form: to.form,
    region: null,
    namespace: from.namespace,
    version: from.version,
    digests: to.digests,
  };
}

function field(
  type: IdType,
  form: IdForm,
  digests: 'md5' | 'sha256' | 'sm3' | 'md5+sha256' | null,
  encoding: 'text' | 'hex' | 'base64' = digests === null ? 'text' : 'hex',
  code = '',
): DestinationField {
  return { type, form, digests: digests === null ? [] : (digests.split('+') as DigestName[]), encoding, code };
}
