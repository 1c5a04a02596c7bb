/** What an archive may do to whoever reads it, whatever unpacks it: how far it may expand, and which names it may hold. */
export { type ExpansionFault, expansionFault, expansionLimits } from './expansion.ts';
export { type NameFault, nameFault } from './names.ts';
