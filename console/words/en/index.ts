/** Everything the console says, in English: `zh/` has the same keys. Blanks to fill stand in double braces. */

import * as agreements from './agreements.ts';
import * as datasets from './datasets.ts';
import * as home from './home.ts';
import * as jobs from './jobs.ts';
import * as network from './network.ts';
import * as shell from './shell.ts';
import * as states from './states.ts';

export const en = { ...shell, ...states, ...home, ...datasets, ...network, ...agreements, ...jobs };
