/** PAIR: publisher ids of people in both lists, by psi/ecdh under keys of the publisher that outlive a run. README.md explains it. */
export {
  hashKeyBytes,
  hashKeyDigest,
  hashPrefix,
  hashToGroupDst,
  pairCipher,
  publisherIdCharacters,
  publisherIdText,
  runId,
} from './parameters.ts';
