/** A part of a workbook's package (ECMA-376 part 2), as an archive holds it. */
export interface Part {
  readonly name: string;
  /** As the archive's directory has it. */
  readonly unpackedBytes: number;
  /** Unpacks it in order, from its beginning each time; what the archive itself does wrong is thrown by its reader. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Whether these are the parts of an office document; which one it is, `openWorkbook` finds out. */
export function isWorkbook(parts: readonly Part[]): boolean {
  return parts.some(({ name }) => name === '[Content_Types].xml');
}
