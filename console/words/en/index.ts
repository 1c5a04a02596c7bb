/** Everything the console says, in English: `zh/` has the same keys. Blanks to fill stand in double braces. */

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

export const en = {
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
