/** Telephone numbers that no plain rule can judge: libphonenumber's numbering plans decide (with their full metadata). */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Whether a text is an ISO 3166 code whose numbering plan is known. */
export function isPhoneRegion(region: string): boolean {
  return isSupportedCountry(region);
}

/**
 * @param digits a number without separators: digits, with or without a leading `+`.
 * @param region where a number without country code belongs.
 * @returns E.164 with `+`, or null where the number is not valid in its country.
 */
export function parsePhone(digits: string, region: string): string | null {
  const number = validNumber(digits, region);
  // 00 is the usual way to write + even where another prefix is dialled for abroad (011 in North America).
  if (number === null && digits.startsWith('00')) return validNumber(`+${digits.slice(2)}`, region);
  return number;
}

function validNumber(digits: string, region: string): string | null {
  const parsed = parsePhoneNumberFromString(digits, { defaultCountry: region as CountryCode, extract: false });
  return parsed?.isValid() === true && parsed.ext === undefined ? parsed.number : null;
}
