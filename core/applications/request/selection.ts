/**
 * An audience of a room: not how many, but which of the rows of the one who is given it. That tells it of each of its own people whether a rule holds that
 * reads others' columns, so every column has to say `select` for that receiver and purpose, whoever owns it. No data is read here.
 */
import { bytesToHex, lengthPrefixed, utf8ToBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';
import { type Asker, type Catalogue, catalogueHash, intersect, Rights } from '../../policy/query/index.ts';
import { ruleWords } from '../select/index.ts';
import type { Words } from '../words.ts';
import { type Selection, selectionOf } from './audience.ts';
import { type CompiledReport, subjectsOf } from './compile.ts';
import { Reader } from './reader.ts';
import { ReportRefused } from './refusal.ts';
import type { ReportRequest, RequestOf } from './request.ts';

/** A request that an audience can be made of. */
export type AudienceRequest = RequestOf<'select' | 'retarget'>;

export interface AudienceAsker extends Asker {
  /** Who is given it, alone. */
  readonly receivers: readonly [string];
  /** Fewest people in it, whatever the rules of columns say. */
  readonly minimumPersons: number;
}

export interface CompiledAudience {
  readonly request: AudienceRequest;
  /** Fewest people in it. */
  readonly k: number;
  /** Organisations whose rows decide who is in it, and the receiver. */
  readonly owners: readonly string[];
  readonly subjects: CompiledReport['subjects'];
  /** The rule, for people. */
  readonly words: Words;
  /** SHA-256 in hexadecimal: the same rule over the same data is the same audience. */
  readonly audienceKey: string;
}

/** What the request reads, the same wherever it is asked. @throws {ReportRefused} `not-an-audience`. @throws {RuleError} */
export function resolveSelection(
  request: ReportRequest,
  catalogue: Catalogue,
): { readonly request: AudienceRequest; readonly selection: Selection; readonly reader: Reader } {
  if (request.application !== 'select' && request.application !== 'retarget') {
    throw new ReportRefused('not-an-audience', request.application);
  }
  const reader = new Reader(catalogue);
  return { request, reader, selection: selectionOf(request, reader) };
}

/** @throws {QueryRefused} by the rule of a column. @throws {ReportRefused} `not-its-rows`; as {@link resolveSelection}. */
export function compileAudience(of: {
  readonly request: ReportRequest;
  readonly catalogue: Catalogue;
  readonly asker: AudienceAsker;
}): CompiledAudience {
  const { catalogue, asker } = of;
  const { request, selection, reader } = resolveSelection(of.request, catalogue);
  const [receiver] = asker.receivers;
  if (selection.table.owner !== receiver) throw new ReportRefused('not-its-rows', selection.table.name);
  const rights = new Rights(asker);
  for (const use of reader.uses) rights.require({ ...use, kind: 'select' });
  const k = Math.max(intersect(reader.uses).k, asker.minimumPersons);
  return {
    request,
    k,
    owners: [...new Set([receiver, ...reader.owners])],
    subjects: subjectsOf(reader),
    words: ruleWords(selection.rule),
    audienceKey: keyOf(request, { catalogue, receiver }),
  };
}

function keyOf(request: AudienceRequest, of: { readonly catalogue: Catalogue; readonly receiver: string }): string {
  const { epoch } = of.catalogue;
  const named = canonicalBytes({ request: request as unknown as JsonValue, receiver: of.receiver, epoch });
  return bytesToHex(sha256(lengthPrefixed(utf8ToBytes('causeway/v1/audience'), named, catalogueHash(of.catalogue))));
}
