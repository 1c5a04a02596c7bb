import { readFileSync } from 'node:fs';

/** The release, as every workspace carries it. */
export const softwareVersion: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
