/** What the pages of PAIR and OPJA show of a bid request is what a run makes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { base64ToBytes } from '@causeway/core/bytes';
import { ristretto255 } from '@causeway/core/group';
import { campaign, labelBytes, labelCharacters } from '@causeway/core/protocols/opja';
import { publisherIdCharacters } from '@causeway/core/protocols/pair';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const userOf = (page: string) => {
  const path = fileURLToPath(new URL(`../../docs/applications/${page}.md`, import.meta.url));
  const [, text] = /```json\n([\s\S]*?)\n```/.exec(readFileSync(path, 'utf8'))!;
  return (JSON.parse(text!) as { user: unknown }).user;
};

const domain = campaign.shape.matchingsystemname;
const eids = z.strictObject({
  eids: z.tuple([
    z.strictObject({
      source: z.literal('pair-protocol.com'),
      matcher: domain,
      inserter: domain,
      /** AdCOM's "authenticated", and an id of a person. */
      mm: z.literal(3),
      uids: z.tuple([z.strictObject({ id: z.string().length(publisherIdCharacters), atype: z.literal(3) })]),
    }),
  ]),
});
const opja = z.strictObject({
  ext: z.strictObject({
    opja: z.tuple([
      z.strictObject({
        name: domain,
        matches: z.tuple([z.strictObject({ id: campaign.shape.matchid, el: z.string().length(labelCharacters) })]),
      }),
    ]),
  }),
});

describe('a bid request', () => {
  it('carries an id of PAIR as an extended identifier (OpenRTB 2.6 §3.2.27)', () => {
    const { id } = eids.parse(userOf('pair')).eids[0].uids[0];
    expect(() => ristretto255.checkElement(base64ToBytes(id))).not.toThrow();
  });

  it('carries a label of OPJA in the extension of the user', () => {
    const { el } = opja.parse(userOf('opja')).ext.opja[0].matches[0];
    expect(base64ToBytes(el)).toHaveLength(labelBytes);
  });
});
