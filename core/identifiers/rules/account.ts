/** Identifiers that some system gave out: their letters are compared as they are. */
import type { Rule } from '../rules.ts';
import { quotes } from '../text.ts';
import { brokenText, firstRefusals, foldingChanges, notAscii, opaqueChanges, wordPlaceholder } from './shared-tests.ts';

/** OpenID: per app, case-sensitive, never changed (cloud.tencent.com/document/product/548/56434). */
export const openidRule: Rule = {
  bytesMax: 128,
  canonical: '^[0-9A-Za-z_-]{6,128}$',
  canonicalUnless: null,
  tidy: '^[0-9A-Za-z_-]+$',
  fold: 'ascii',
  letterCase: 'keep',
  strip: quotes,
  remove: '',
  damage: [],
  vetoes: [wordPlaceholder, { reason: 'placeholder', pattern: '^0[0-]*$' }],
  accept: '^[0-9A-Za-z_-]{6,128}$',
  derive: { kind: 'same' },
  changes: foldingChanges(''),
  refusals: [...firstRefusals, brokenText, notAscii, { reason: 'wrong-length', pattern: '^[0-9A-Za-z_-]+$' }],
  otherwise: 'malformed',
  region: null,
};

/** UnionID: the same letters, per open-platform account. */
export const unionidRule: Rule = openidRule;

/** Any text of one system: only invisible characters and white space around are taken away. */
export const customRule: Rule = {
  bytesMax: 256,
  canonical: '^[0-9A-Za-z_-]+$',
  canonicalUnless: null,
  tidy: '^[0-9A-Za-z_-]+$',
  fold: 'opaque',
  letterCase: 'keep',
  strip: '',
  remove: '',
  damage: [],
  vetoes: [...firstRefusals, brokenText],
  accept: '^[^\\x00-\\x1f\\x7f-\\x9f]+$',
  derive: { kind: 'same' },
  changes: opaqueChanges,
  refusals: [],
  otherwise: 'broken-text',
  region: null,
};

export const cookieRule: Rule = customRule;
