/** The secrets of a node. */
export { certificateFingerprint, makeCertificate, type NodeCertificate } from './certificate.ts';
export { createKeys, type NodeKeys, readKeys } from './identity.ts';
