/** The reports that a room's tables have what it takes for, each with what may be chosen of it. */
import { type RoomTerms, tablesOf } from '../room-tables.ts';
import { attributionForm } from './attribution.ts';
import type { RequestForm } from './form.ts';
import { insightForm } from './insight.ts';
import { lifecycleForm } from './lifecycle.ts';
import { liftForm } from './lift.ts';
import { overlapForm } from './overlap.ts';
import { reachForm } from './reach.ts';
import { retargetForm } from './retarget.ts';
import { trafficForm } from './traffic.ts';

/** @param organisation who asks. */
export function requestForms(terms: RoomTerms, organisation: string): readonly RequestForm[] {
  const { zone } = terms.rules;
  const tables = tablesOf(terms);
  const people = tables.filter(({ kind }) => kind === 'person');
  const events = tables.filter(({ kind }) => kind === 'event');
  return [
    overlapForm(people, organisation),
    insightForm(people, organisation),
    reachForm(people, events, zone),
    attributionForm(people, events, zone),
    liftForm(people, events, zone),
    lifecycleForm(people, events, zone),
    retargetForm(people, events, organisation, zone),
    trafficForm(events, { organisation, receivers: terms.receivers }),
  ].filter((form) => form !== undefined);
}
