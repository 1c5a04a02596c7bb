/** What may stand after an option: numbers, dates, switches. Each throws the reason that the usage error then gives. */
import { base64ToBytes } from '@causeway/core/bytes';
import { type MatchProtocol, matchProtocols } from '@causeway/core/protocols';
import { InvalidArgumentError } from 'commander';
import type { Words } from './words/index.ts';

export const wholeNumber =
  (words: Words, { min, max }: { readonly min: number; readonly max: number }) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(words.usage.notWhole(min, max));
    return value;
  };

/**
 * A day ends where its last second does, in the local time zone; an RFC 3339 instant is taken as it is.
 * @returns RFC 3339 in UTC.
 */
export const dateOrTime =
  (words: Words) =>
  (text: string): string => {
    const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
    const instant =
      year === undefined
        ? new Date(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : Number.NaN)
        : new Date(Number(year), Number(month) - 1, Number(day), 23, 59, 59);
    const overflowed =
      year !== undefined && (instant.getMonth() !== Number(month) - 1 || instant.getDate() !== Number(day));
    if (Number.isNaN(instant.getTime()) || overflowed) throw new InvalidArgumentError(words.usage.notDate);
    return instant.toISOString().replace(/\.\d{3}Z$/, 'Z');
  };

/** `127.0.0.1:7450`, `[::1]:7450`, `:7450` for every address of this machine; port 0 for any that is free. */
export const hostPort =
  (words: Words) =>
  (text: string): { readonly host: string; readonly port: number } => {
    const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
    if (port === undefined || Number(port) > 65_535) throw new InvalidArgumentError(words.usage.notHostPort);
    return { host: bracketed ?? (plain || '0.0.0.0'), port: Number(port) };
  };

/** A share of a whole, 0 … 1. */
export const shareOf =
  (words: Words) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d*\.?\d+$/.test(text) || value > 1) throw new InvalidArgumentError(words.usage.notShare);
    return value;
  };

/** An Ed25519 key: 32 bytes in Base64. */
export const publicKey =
  (words: Words) =>
  (text: string): Uint8Array => {
    const bytes = /^[A-Za-z0-9+/]{43}=$/.test(text) ? base64ToBytes(text) : new Uint8Array();
    if (bytes.length !== 32) throw new InvalidArgumentError(words.usage.notKey);
    return bytes;
  };

export type { MatchProtocol };

/** `vole` is short for `psi/vole`. */
export const protocolName =
  (words: Words) =>
  (text: string): MatchProtocol => {
    const named = matchProtocols.find((name) => name === text || name === `psi/${text}`);
    if (named === undefined) throw new InvalidArgumentError(words.usage.notProtocol(matchProtocols.join(', ')));
    return named;
  };

/** `phone,email`: no empty part. */
export const commaList =
  (words: Words) =>
  (text: string): readonly string[] => {
    const parts = text.split(/[,，]/).map((part) => part.trim());
    if (parts.includes('')) throw new InvalidArgumentError(words.usage.notList);
    return parts;
  };

/** The options of every list that comes in pages. */
export const pageOptions = (words: Words) => [
  {
    flags: '--limit <n>',
    about: words.options.limit,
    default: '100',
    parse: wholeNumber(words, { min: 1, max: 1000 }),
  },
  { flags: '--after <mark>', about: words.options.after },
];

export interface PageOptions {
  readonly limit?: number;
  readonly after?: string;
}
