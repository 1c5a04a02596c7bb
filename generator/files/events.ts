/** `exposures.csv` and `clicks.csv`: what the media showed to whom and who clicked, automatic visitors and repeated rows among them. */

import { Draw } from '@causeway/core/random';
import { campaignDay, campaignDays, daySeconds, epochSeconds, secondOfDay } from '../calendar.ts';
import { Campaign, campaigns } from '../campaign.ts';
import type { Population } from '../population.ts';
import { Permutation } from '../random/permutation.ts';
import { Weighted } from '../random/weighted.ts';
import { rates } from '../rates.ts';
import { CsvFile, type FileReport, type WriteSettings } from './csv-file.ts';
import { ascii, type TextBuffer } from './text-buffer.ts';
import { writeUserId } from './users.ts';

export const exposuresColumns = ['exposure_id', 'user_id', 'campaign', 'time', 'cost_micros'] as const;
export const clicksColumns = ['click_id', 'user_id', 'campaign', 'time', 'cost_micros', 'ip', 'user_agent'] as const;

export interface EventsReport {
  readonly exposures: FileReport;
  readonly clicks: FileReport;
  readonly botExposures: number;
  readonly botClicks: number;
}

/** A user sees a campaign this often at most, and again with this chance after each time. */
const exposuresMax = 12;
const againBasisPoints = 5_500;
const gapSecondsMax = 36 * 3_600;
/** A bot's visits: 40 … 199, a few seconds apart. */
const botVisitsMin = 40;
const botVisitsSpread = 160;
/** Price of an exposure or a click, by campaign: the first two are paid per exposure, the third per click; millionths of a yuan. */
const exposureMicros = [28_000, 19_000, 0];
const clickMicros = [0, 0, 850_000];

export async function writeEvents(population: Population, settings: WriteSettings): Promise<EventsReport> {
  const exposures = await CsvFile.open(
    { name: 'exposures.csv', columns: exposuresColumns, lineEnd: 'lf', mark: false },
    settings,
  );
  let clicks: CsvFile | undefined;
  try {
    clicks = await CsvFile.open({ name: 'clicks.csv', columns: clicksColumns, lineEnd: 'lf', mark: false }, settings);
    const events = new Events(population, exposures, clicks);
    const { users, bots } = population.plan;
    const visits = new Permutation(users, population.plan.seed, 'events order');
    let bot = 0;
    for (let visit = 0; visit < users; visit++) {
      events.writePerson(visits.forward(visit));
      // The bots come evenly spread over the file.
      for (; bot * users < bots * (visit + 1) && bot < bots; bot++) {
        events.writeBot(bot);
        if (exposures.full) await exposures.flush();
      }
      if (exposures.full) await exposures.flush();
      if (clicks.full) await clicks.flush();
    }
    return {
      exposures: await exposures.finish(),
      clicks: await clicks.finish(),
      botExposures: events.botExposures,
      botClicks: events.botClicks,
    };
  } catch (error) {
    await exposures.abandon();
    await clicks?.abandon();
    throw error;
  }
}

class Events {
  botExposures = 0;
  botClicks = 0;
  readonly #population: Population;
  readonly #exposures: CsvFile;
  readonly #clicks: CsvFile;
  readonly #campaign: Campaign;
  readonly #people: Draw;
  readonly #bots: Draw;
  #exposureCount = 0;
  #clickCount = 0;

  constructor(population: Population, exposures: CsvFile, clicks: CsvFile) {
    const { plan } = population;
    this.#population = population;
    this.#exposures = exposures;
    this.#clicks = clicks;
    this.#campaign = new Campaign(plan);
    this.#people = new Draw(plan.seed, 'exposures');
    this.#bots = new Draw(plan.seed, 'bots');
  }

  /** @param member 0 … users − 1. */
  writePerson(member: number): void {
    const { plan, userNumbers } = this.#population;
    const person = plan.firstUser + member;
    const user = userNumbers.forward(member);
    const draw = this.#people.at(person);
    const state = this.#campaign.at(person);
    for (let campaign = 0; campaign < campaigns.length; campaign++) {
      const reachedByOther = draw.chance(rates.campaign.reachedByOthers);
      const start = campaign === 0 ? state.firstExposure : firstExposure(draw);
      if (campaign === 0 ? state.group !== 'exposed' : !reachedByOther) continue;
      let second = start;
      for (let k = 0; k < exposuresMax && second < (campaignDay + campaignDays) * daySeconds; k++) {
        this.#writeExposure(user, campaign, second, draw);
        if (draw.chance(rates.events.clicks)) {
          const agent = agentsOfPeople[agentChoice.index(draw)]!;
          this.#writeClick(user, campaign, second + 1 + draw.below(60), carrierGradeAddress(draw.u32()), agent, draw);
        }
        if (!draw.chance(againBasisPoints)) break;
        second += 60 + draw.below(gapSecondsMax);
      }
    }
  }

  /** @param bot 0 … bots − 1. */
  writeBot(bot: number): void {
    const { users, userNumbers } = this.#population;
    const user = userNumbers.forward(users.rows + bot);
    const draw = this.#bots.at(bot);
    const campaign = draw.below(campaigns.length);
    const address = documentationAddress(draw.u32());
    const agent = agentsOfBots[draw.below(agentsOfBots.length)]!;
    let second = (campaignDay + draw.below(campaignDays - 1)) * daySeconds + draw.below(daySeconds);
    for (let visits = botVisitsMin + draw.below(botVisitsSpread); visits > 0; visits--) {
      this.#writeExposure(user, campaign, second, draw);
      this.botExposures++;
      if (draw.chance(rates.events.botClicks)) {
        this.#writeClick(user, campaign, second + 1, address, agent, draw);
        this.botClicks++;
      }
      second += 1 + draw.below(30);
    }
  }

  #writeExposure(user: number, campaign: number, second: number, draw: Draw): void {
    const { line } = this.#exposures;
    line.byte(exposureMark);
    line.decimal(++this.#exposureCount, 10);
    writeEvent(user, campaign, second, exposureMicros[campaign]!, line);
    if (draw.chance(rates.events.repeatedExposures)) this.#exposures.endRowAndRepeatLater();
    else this.#exposures.endRow();
  }

  #writeClick(user: number, campaign: number, second: number, address: number, agent: Uint8Array, draw: Draw): void {
    const { line } = this.#clicks;
    line.byte(clickMark);
    line.decimal(++this.#clickCount, 10);
    writeEvent(user, campaign, second, clickMicros[campaign]!, line);
    line.byte(ascii.comma);
    for (let shift = 24; shift >= 0; shift -= 8) {
      line.decimal((address >>> shift) & 255);
      if (shift > 0) line.byte(ascii.dot);
    }
    line.byte(ascii.comma);
    line.byte(ascii.quote);
    line.text(agent);
    line.byte(ascii.quote);
    if (draw.chance(rates.events.repeatedClicks)) this.#clicks.endRowAndRepeatLater();
    else this.#clicks.endRow();
  }
}

function writeEvent(user: number, campaign: number, second: number, micros: number, line: TextBuffer): void {
  line.byte(ascii.comma);
  writeUserId(user, line);
  line.byte(ascii.comma);
  line.text(campaignNames[campaign]!);
  line.byte(ascii.comma);
  line.decimal(epochSeconds + second);
  line.byte(ascii.comma);
  line.decimal(micros);
}

function firstExposure(draw: Draw): number {
  return (campaignDay + draw.below(campaignDays / 2)) * daySeconds + secondOfDay(draw);
}

/** People: 100.64.0.0/10, shared by carriers (RFC 6598), so nobody's own address. */
function carrierGradeAddress(random: number): number {
  return ((100 << 24) | (64 << 16) | (random >>> 10)) >>> 0;
}

/** Bots: 198.51.100.0/24, for documentation (RFC 5737). */
function documentationAddress(random: number): number {
  return ((198 << 24) | (51 << 16) | (100 << 8) | (random >>> 24)) >>> 0;
}

const utf8 = new TextEncoder();
const exposureMark = 'E'.charCodeAt(0);
const clickMark = 'K'.charCodeAt(0);
const campaignNames = campaigns.map((name) => utf8.encode(name));
const agentChoice = new Weighted({ androidChrome: 50, iphoneSafari: 25, windowsChrome: 15, macSafari: 10 });
const agentsOfPeople = [
  'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
].map((agent) => utf8.encode(agent));
const agentsOfBots = [
  'python-requests/2.32.3',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/136.0.0.0 Safari/537.36',
  'Scrapy/2.12.0 (+https://scrapy.org)',
  'Go-http-client/2.0',
].map((agent) => utf8.encode(agent));
