/** A table as CSV (RFC 4180) that a spreadsheet opens without taking a cell for a formula. */

/** What Excel, LibreOffice and Google Sheets begin a formula or a command with (OWASP: CSV injection). */
const formulaStart = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** @param rows of equal length, the header first. A text that would be read as a formula gets an apostrophe in front; numbers stay. */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  // The mark lets a spreadsheet read Chinese.
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
