/** A document as text that a terminal can show: JSON leaves C1 controls and direction marks as they are. */
export function jsonText(document: unknown): string {
  return JSON.stringify(document, undefined, 2).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
