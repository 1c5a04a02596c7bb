import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../test/shared.ts';
import { bytesToBase64, bytesToHex, equalBytes } from '../bytes/index.ts';
import { keyPairFromSeed } from '../crypto/index.ts';
import {
  type Checkpoint,
  cosign,
  cosignedAt,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  leafHash,
  MerkleTree,
  noteKey,
  openCheckpoint,
  parseCheckpoint,
  parseEntryBundle,
  parseNote,
  parseTile,
  parseVerifierKey,
  rootFromTiles,
  tilePath,
  verifyConsistency,
  verifyTiles,
} from './index.ts';
import { isSignedBy, signText } from './note.ts';

const pair = keyPairFromSeed(new Uint8Array(32).fill(7));
const key = noteKey({ name: 'log.example/fair', type: 'ed25519', publicKey: pair.publicKey });
const witness = noteKey({ name: 'log.example/fair/aurora', type: 'cosignature', publicKey: pair.publicKey });
const head: Checkpoint = { origin: 'log.example/fair', size: 3, root: new Uint8Array(32).fill(1), extensions: [] };
const text = formatCheckpoint(head);
const signed = { text, signatures: [signText(text, key, pair)] };

describe('signed notes', () => {
  it('the example of c2sp.org/signed-note verifies under its key', () => {
    const line = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    const note =
      'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    const example = parseVerifierKey(line);
    expect(formatVerifierKey(example)).toBe(line);
    expect(isSignedBy(parseNote(note), example)).toBe(true);
    expect(formatNote(parseNote(note))).toBe(note);
    expect(() => isSignedBy(parseNote(note.replace('example m', 'Example m')), example)).toThrow(
      expect.objectContaining({ code: 'head-signature-invalid' }),
    );
  });

  it('are read back as written, whatever lines the text has', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~\u00a0-\u9fff]{0,20}$/u), { minLength: 1 }), (lines) => {
        const body = `${lines.join('\n')}\n`;
        const note = { text: body, signatures: [signText(body, key, pair)] };
        expect(parseNote(formatNote(note))).toEqual(note);
        expect(isSignedBy(parseNote(formatNote(note)), key)).toBe(true);
      }),
    );
  });

  it.each([
    ['no signatures', `${text}\n`],
    ['no blank line', text],
    ['no final newline', formatNote(signed).slice(0, -1)],
    ['a control character', formatNote(signed).replace('3', '3\t')],
    ['a lone surrogate', formatNote(signed).replace('3', '\ud800')],
    ['a hyphen for the dash', formatNote(signed).replace('\u2014', '-')],
    ['a name with a plus', formatNote(signed).replace('\u2014 log', '\u2014 log+')],
    ['two spaces', formatNote(signed).replace('fair ', 'fair  ')],
    ['a signature of a key id alone', `${text}\n\u2014 log.example/fair AAAAAA==\n`],
    ['Base64 with stray bits', `${text}\n\u2014 log.example/fair AAAAAAB=\n`],
    ['too many signatures', formatNote(signed) + '\u2014 x AAAAAAA=\n'.repeat(4096)],
  ])('%s is malformed', (_name, note) => {
    expect(() => parseNote(note)).toThrow(expect.objectContaining({ code: 'malformed-note' }));
  });

  it('lines of unknown keys are ignored, also under a known name; a bad line of a known key spoils the note', () => {
    const stranger = keyPairFromSeed(new Uint8Array(32).fill(8));
    const sameName = noteKey({ name: key.name, type: 'ed25519', publicKey: stranger.publicKey });
    const strange = signText(text, sameName, stranger);
    expect(isSignedBy({ text, signatures: [strange, ...signed.signatures] }, key)).toBe(true);
    expect(isSignedBy({ text, signatures: [strange] }, key)).toBe(false);
    const forged = { ...strange, keyId: key.keyId };
    expect(() => isSignedBy({ text, signatures: [...signed.signatures, forged] }, key)).toThrow(
      expect.objectContaining({ code: 'head-signature-invalid' }),
    );
  });

  it.each([
    ['another id', formatVerifierKey(key).replace(/\+[0-9a-f]{8}/, '+00000000')],
    ['another type', 'example.com/foo+530d903a+Aukyeg=='],
    ['no name', '+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a space', 'a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['half a key', `x+530d903a+${bytesToBase64(Uint8Array.of(1, 2, 3))}`],
    ['nothing', ''],
  ])('a verifier key with %s is malformed', (_name, line) => {
    expect(() => parseVerifierKey(line)).toThrow(expect.objectContaining({ code: 'malformed-key' }));
  });
});

describe('checkpoints', () => {
  it('are read back as written', () => {
    const extended = { ...head, extensions: ['one', 'two'] };
    expect(parseCheckpoint(formatCheckpoint(extended))).toEqual(extended);
    const open = openCheckpoint(formatNote(signed), { origin: head.origin, logKey: key });
    expect(open.checkpoint).toEqual(head);
  });

  it.each([
    ['a size with a leading zero', text.replace('\n3\n', '\n03\n')],
    ['a negative size', text.replace('\n3\n', '\n-3\n')],
    ['a size beyond 2^53', text.replace('\n3\n', '\n9007199254740993\n')],
    ['a short root', text.replace('AQEB', '')],
    ['an empty line', text.replace('\n3', '\n\n3')],
    ['two lines', 'a\n1\n'],
    ['no final newline', text.slice(0, -1)],
  ])('%s is malformed', (_name, wrong) => {
    expect(() => parseCheckpoint(wrong)).toThrow(expect.objectContaining({ code: 'malformed-checkpoint' }));
  });

  it('of another log, or signed by another key alone, is refused', () => {
    const note = formatNote(signed);
    expect(() => openCheckpoint(note, { origin: 'log.example/autumn', logKey: key })).toThrow(
      expect.objectContaining({ code: 'wrong-origin' }),
    );
    const other = noteKey({ ...key, publicKey: new Uint8Array(32).fill(9) });
    expect(() => openCheckpoint(note, { origin: head.origin, logKey: other })).toThrow(
      expect.objectContaining({ code: 'head-signature-invalid' }),
    );
  });
});

describe('cosignatures', () => {
  it('state their time under the signature, and are no plain signatures', () => {
    const line = cosign(text, { key: witness, keyPair: pair, atSeconds: 1_751_270_400 });
    expect(cosignedAt({ text, signatures: [line] }, witness)).toBe(1_751_270_400);
    expect(cosignedAt(signed, witness)).toBeUndefined();
    const later = { ...line, signature: line.signature.slice() };
    later.signature[7]! ^= 1;
    for (const wrong of [
      later,
      { ...line, signature: line.signature.subarray(8) },
      { ...line, signature: new Uint8Array(72) },
    ]) {
      expect(() => cosignedAt({ text, signatures: [wrong] }, witness)).toThrow(
        expect.objectContaining({ code: 'cosignature-invalid' }),
      );
    }
    const renamed = { ...line, name: key.name, keyId: key.keyId };
    expect(() => isSignedBy({ text, signatures: [renamed] }, key)).toThrow(
      expect.objectContaining({ code: 'head-signature-invalid' }),
    );
  });

  it('one key has another id for each type of signature', () => {
    const plain = noteKey({ name: witness.name, type: 'ed25519', publicKey: pair.publicKey });
    expect(bytesToHex(plain.keyId)).not.toBe(bytesToHex(witness.keyId));
  });
});

const tessera = sharedPath('vectors/tlog_tessera/log');

describe.skipIf(!hasShared('vectors/tlog_tessera'))('a real log of another implementation', () => {
  // The verifier key that its test data is published with.
  const logKey = hasShared('vectors/tlog_tessera')
    ? parseVerifierKey('example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx')
    : key;
  const read = (path: string) => new Uint8Array(readFileSync(`${tessera}/${path}`));
  const open = (size: number | string) =>
    openCheckpoint(Buffer.from(read(`checkpoint${size}`)).toString('utf8'), {
      origin: 'example.com/log/testdata',
      logKey,
    }).checkpoint;

  it('its 17 checkpoints verify, and the tiles of each size give its root', () => {
    for (let size = 0; size <= 15; size++) {
      const checkpoint = open(`.${size}`);
      expect(checkpoint.size).toBe(size);
      expect(bytesToHex(rootFromTiles(size, (tile) => read(tilePath(tile))))).toBe(bytesToHex(checkpoint.root));
      verifyTiles(checkpoint, (tile) => read(tilePath(tile)));
    }
    expect(open('')).toEqual(open('.15'));
  });

  it('its entries hash to its tiles, and our proofs tie every checkpoint to every later one', () => {
    const entries = parseEntryBundle(read('tile/entries/000.p/15'), 15);
    const tile = parseTile(read('tile/0/000.p/15'), 15);
    const tree = new MerkleTree();
    for (const [i, entry] of entries.entries()) {
      expect(bytesToHex(leafHash(entry))).toBe(bytesToHex(tile[i]!));
      tree.append(leafHash(entry));
    }
    for (let to = 1; to <= 15; to++) {
      expect(equalBytes(tree.root(to), open(`.${to}`).root)).toBe(true);
      for (let from = 1; from <= to; from++) {
        const proof = tree.consistencyProof({ from, to });
        expect(verifyConsistency({ from: open(`.${from}`), to: open(`.${to}`), proof })).toBe(true);
      }
    }
  });
});
