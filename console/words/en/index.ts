/** Everything the console says, in English: `zh/` has the same keys. Blanks to fill stand in double braces. */

import * as agreements from './agreements.ts';
import * as audiences from './audiences.ts';
import * as charts from './charts.ts';
import * as datasets from './datasets.ts';
import * as disclosure from './disclosure.ts';
import * as guest from './guest.ts';
import * as guests from './guests.ts';
import * as home from './home.ts';
import * as jobs from './jobs.ts';
import * as ledger from './ledger.ts';
import * as network from './network.ts';
import * as opja from './opja.ts';
import * as propose from './propose.ts';
import * as resultWords from './result-words.ts';
import * as results from './results.ts';
import * as rooms from './rooms.ts';
import * as settings from './settings.ts';
import * as shell from './shell.ts';
import * as states from './states.ts';
import * as upload from './upload.ts';

export const en = {
  ...shell,
  ...states,
  ...settings,
  ...upload,
  ...home,
  ...datasets,
  ...network,
  ...agreements,
  ...jobs,
  ...charts,
  ...resultWords,
  ...results,
  ...rooms,
  ...audiences,
  ...disclosure,
  ...propose,
  ...opja,
  ...guest,
  ...guests,
  ...ledger,
};
