/**
 * The measured campaign: who was kept from it, whom it reached and when, and which customers bought in its window. The hold-out and the reach are
 * random and independent of everything else, so a difference in purchases beyond chance is its effect, and that effect is known.
 */

import { Draw } from '@causeway/core/random';
import { campaignDay, campaignDays, daySeconds, secondOfDay } from './calendar.ts';
import type { Plan } from './options.ts';
import { rates } from './rates.ts';

/** The first is the measured one; the others have no effect. */
export const campaigns = ['aurora-launch', 'aurora-always-on', 'city-weekend'] as const;

/** `none`: not a user of the media. */
export type Group = 'exposed' | 'unreached' | 'holdout' | 'none';

/** First exposures are in the window's first half; a purchase that follows one comes within this many seconds. */
export const attributionSeconds = 15 * daySeconds;

export class Campaign {
  group: Group = 'none';
  /** Second of the year, for `exposed`. */
  firstExposure = 0;
  /** Whether a customer bought in the window; never for people who are not customers. */
  bought = false;
  /** Second of the year of that purchase. */
  boughtAt = 0;
  readonly #plan: Plan;
  readonly #draw: Draw;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#draw = new Draw(plan.seed, 'campaign');
  }

  at(person: number): this {
    const draw = this.#draw.at(person);
    const heldOut = draw.chance(rates.campaign.holdout);
    const reached = draw.chance(rates.campaign.reached);
    const user = person >= this.#plan.firstUser;
    this.group = !user ? 'none' : heldOut ? 'holdout' : reached ? 'exposed' : 'unreached';
    this.firstExposure = (campaignDay + draw.below(campaignDays / 2)) * daySeconds + secondOfDay(draw);
    const exposed = this.group === 'exposed';
    this.bought =
      person < this.#plan.customers &&
      draw.chance(exposed ? rates.campaign.boughtExposed : rates.campaign.boughtUnexposed);
    this.boughtAt = exposed
      ? this.firstExposure + 1 + draw.below(attributionSeconds - 1)
      : (campaignDay + draw.below(campaignDays)) * daySeconds + secondOfDay(draw);
    return this;
  }
}
