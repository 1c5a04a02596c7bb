/** OPJA 1.0: labels that a publisher carries and only the advertiser's side opens. README.md explains it. */
export { type Campaign, campaign, matchIdOf, openCampaign, sealCampaign } from './campaign.ts';
export {
  type EncryptBlocks,
  haveListNonces,
  LabelCipher,
  labelBytes,
  labelCharacters,
  nonceBytes,
  nonceDistance,
  type Verdict,
} from './labels.ts';
export { hashPrefix, hashToGroupDst, opjaDerivation, runId } from './parameters.ts';
export {
  decodeKey,
  deliveryName,
  domainName,
  encodeKey,
  formatDelivery,
  formatRoot,
  keysPublishedMax,
  parseDelivery,
  parseRoot,
  RecordError,
  rootName,
} from './records.ts';
