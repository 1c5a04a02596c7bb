/**
 * Names inside an archive. They are checked although nothing is unpacked to disk: an archive with a name that climbs out of its folder was made
 * to harm, and is refused whole [F13].
 */

/** `outside`: it leads out of the folder that it would be unpacked to; `device`: Windows opens a device by it. */
export type NameFault = 'outside' | 'device';

/** @param name with slashes, as the format has it; a backslash would be one on Windows. */
export function nameFault(name: string): NameFault | undefined {
  if (/^(\/|[a-z]:)|\\|(^|\/)\.\.(\/|$)/i.test(name)) return 'outside';
  return /(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.[^/]*)?$/i.test(name) ? 'device' : undefined;
}
