/** What people do with the protocols. */
export { grouped, type Words } from './words.ts';
