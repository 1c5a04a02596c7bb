/** What a node says about itself. */

export { cleanText, type LogFields } from './fields.ts';
export { createLog, type Log, type LogOptions, type NodeLog, silentLog } from './log.ts';
