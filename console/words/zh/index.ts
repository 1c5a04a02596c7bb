/** Everything the console says, in Chinese, under the keys of `en/`. */
import type { Catalogue } from '../catalogue.ts';
import * as agreements from './agreements.ts';
import * as datasets from './datasets.ts';
import * as disclosure from './disclosure.ts';
import * as home from './home.ts';
import * as jobs from './jobs.ts';
import * as network from './network.ts';
import * as propose from './propose.ts';
import * as settings from './settings.ts';
import * as shell from './shell.ts';
import * as states from './states.ts';
import * as upload from './upload.ts';

export const zh: Catalogue = {
  ...shell,
  ...settings,
  ...states,
  ...upload,
  ...home,
  ...datasets,
  ...network,
  ...agreements,
  ...disclosure,
  ...propose,
  ...jobs,
};
