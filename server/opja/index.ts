/** Keys and labels of OPJA on a machine: key files, keys that domains publish in DNS, and labels opened in bulk. */
export { KeyDirectory, type KeyDirectoryOptions, KeyError, settledKeys } from './key-directory.ts';
export { type KeyFile, keyOf, newKey, readKeyFile, writeKeyFile } from './key-file.ts';
export { labelCipher } from './label-cipher.ts';
export { LabelError, type OpenedLabels, type OpenLabels, openLabels, readCampaign } from './open-labels.ts';
