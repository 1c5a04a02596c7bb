/** What an entry says, as the blanks of its sentence in the reader's language. */
import type { Figures } from '../../show/figures.ts';
import { en } from '../../words/en/index.ts';

/** Digits of a digest that a person compares at a glance. */
const shownDigits = 12;

/** The key of an entry's sentence, `agreementProposed` for `agreement.proposed`; undefined for a type of a later version. */
export function sentenceOf({ type, body }: { readonly type: string; readonly body?: unknown }) {
  if (type === 'agreement.proposed' && Object.hasOwn((body ?? {}) as object, 'guest')) return 'agreementWithGuest';
  if (type === 'dataset.published' && listedIn(body).length > 0) return 'datasetWithValues';
  const key = type.replace(/[.-](.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(en.ledger.entries, key) ? (key as keyof typeof en.ledger.entries) : undefined;
}

type Blank =
  | 'author'
  | 'name'
  | 'organisation'
  | 'dataset'
  | 'rows'
  | 'columns'
  | 'agreement'
  | 'parties'
  | 'operation'
  | 'job'
  | 'code'
  | 'outcome'
  | 'digest'
  | 'room'
  | 'receivers'
  | 'partner'
  | 'form'
  | 'epoch'
  | 'rho';

/** @param entry of any type: what it has of these is filled in. */
export function entryBlanks(
  entry: { readonly author?: unknown; readonly body?: unknown },
  figures: Pick<Figures, 'count'>,
): Readonly<Record<Blank, string>> {
  const body = (entry.body ?? {}) as Readonly<Record<string, unknown>>;
  const member = (body.member ?? body.operator ?? {}) as { organisation?: string; name?: string };
  const description = (body.description ?? {}) as { rowsAbout?: number };
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const digest = (value: unknown) => text(value).slice(0, shownDigits);
  return {
    author: text(entry.author),
    name: text(body.name) || text(member.name) || text(body.dataset),
    organisation: text(member.organisation) || text(body.organisation),
    dataset: text(body.dataset),
    rows: figures.count(description.rowsAbout ?? 0),
    columns: listedIn(body).join(', '),
    agreement: digest(body.agreement),
    parties: Array.isArray(body.parties) ? body.parties.join(', ') : '',
    operation: text(body.operation),
    job: text(body.job),
    code: text(body.code),
    outcome: digest(body.outcome),
    digest: digest(body.digest),
    room: text(body.room),
    receivers: Array.isArray(body.receivers) ? body.receivers.join(', ') : text(body.receivers ?? body.receiver),
    partner: text(body.partner),
    form: text(body.form),
    epoch: figures.count(Number(body.epoch ?? 0)),
    rho: figures.count(Number(body.rho ?? 0)),
  };
}

/** The columns of a published dataset whose values stand in the entry. */
function listedIn(body: unknown): readonly string[] {
  const { description } = (body ?? {}) as { description?: { attributes?: unknown } };
  const attributes = Array.isArray(description?.attributes) ? description.attributes : [];
  return attributes.flatMap(({ column, values }) => (values === undefined ? [] : [String(column)]));
}
