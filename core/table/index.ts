/** What is the same for every table, whatever file it came in: its bounds, and whether its first row names the columns. */
export { looksLikeHeader } from './header.ts';
export { tableLimits } from './limits.ts';
