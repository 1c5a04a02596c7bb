/** Everything the console says, in Chinese, under the keys of `en/`. */
import type { Catalogue } from '../catalogue.ts';
import * as agreements from './agreements.ts';
import * as datasets from './datasets.ts';
import * as home from './home.ts';
import * as jobs from './jobs.ts';
import * as network from './network.ts';
import * as shell from './shell.ts';
import * as states from './states.ts';

export const zh: Catalogue = { ...shell, ...states, ...home, ...datasets, ...network, ...agreements, ...jobs };
