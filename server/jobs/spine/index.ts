/** The pseudonyms of one list, over files: blinded, sent past every holder of a key, unblinded, and put to rows. */
export { exchangeAsClient } from './client-exchange.ts';
export { exchangeAsServer, type ServedList, servedList } from './server-exchange.ts';
export { SpineList, type SpineListOptions } from './spine-list.ts';
