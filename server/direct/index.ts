/** The direct match: two commands, one invite. */
export { type DirectOptions, type DirectProgress, type DirectReport, directMatch } from './direct-match.ts';
export { DirectError } from './error.ts';
