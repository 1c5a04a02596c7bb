import { bytesToHex } from '@causeway/core/bytes';
import {
  cosignaturesOn,
  decodeRecord,
  LedgerError,
  LogVerifier,
  memberCosigners,
  openHead,
} from '@causeway/core/ledger';
import type { DomainHandlers } from '../../http/index.ts';
import { type Services, timeText } from '../services.ts';

type Names = `ledger.${'verify' | 'show' | 'head'}`;

export function ledgerHandlers({ network, store }: Services): Pick<DomainHandlers, Names> {
  const head = () => {
    const { ledger } = network;
    if (ledger.head === undefined) throw new LedgerError('network-missing', 'the ledger has no head yet');
    return openHead(ledger.head, ledger.log);
  };
  return {
    'ledger.verify': async () => {
      const { ledger } = network;
      await ledger.sync();
      const opened = head();
      const verifier = new LogVerifier({ size: opened.size, operatorKey: ledger.log.operatorKey });
      try {
        for await (const batch of store.ledger.replay())
          for (const { leaf } of batch) verifier.push(new Uint8Array(leaf));
        const report = verifier.finish(opened.note);
        const cosigners = report.cosigned.map(({ organisation }) => organisation);
        return {
          ok: true,
          records: opened.size,
          root: bytesToHex(opened.root),
          cosigners,
          detail: `${opened.size} records, every hash, signature and rule holds`,
        };
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        return {
          ok: false,
          records: opened.size,
          root: bytesToHex(opened.root),
          cosigners: [],
          detail: error.message,
          ...(error.index === undefined ? {} : { firstBroken: error.index }),
        };
      }
    },
    'ledger.show': async ({ query }) => {
      network.ledger;
      const before = query.after === undefined ? undefined : Number.parseInt(query.after, 10);
      const rows = await store.ledger.newest({
        limit: query.limit + 1,
        type: query.type,
        ...(before === undefined ? {} : { before }),
      });
      const records = rows.slice(0, query.limit).map(({ leaf }) => decodeRecord(new Uint8Array(leaf)));
      const last = records.at(-1);
      return {
        items: records.map(({ index, sequencedAt, entry }) => ({
          index,
          sequencedAt: timeText(sequencedAt),
          entry: { ...entry },
        })),
        ...(rows.length > query.limit && last ? { next: String(last.index) } : {}),
      };
    },
    'ledger.head': async () => {
      const { ledger } = network;
      await ledger.sync();
      const opened = head();
      return {
        records: opened.size,
        root: bytesToHex(opened.root),
        note: opened.note,
        cosigners: cosignaturesOn(opened.parsed, memberCosigners(ledger.state)).map(({ organisation }) => organisation),
        at: timeText(opened.atSeconds * 1000),
      };
    },
  };
}
