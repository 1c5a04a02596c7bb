/** People who did something at random: their numbers have in common whatever everybody's have. The same people each time; nothing of theirs is told. */
import { SeededRandom } from '../../random/index.ts';
import {
  type AttributionSettings,
  type Collected,
  type JourneyBatch,
  JourneyCollector,
  type OwnPart,
  type Placement,
} from '../attribution/index.ts';
import { kindCode, touchKinds } from '../events/index.ts';
import type { PersonNumbers } from './report-kind.ts';

const rowsMax = 8;

export function randomPeople(of: {
  readonly settings: AttributionSettings;
  /** One or more, each of which some people meet. */
  readonly placements: readonly Placement[];
  readonly currencies: readonly string[];
  readonly peopleCount: number;
  readonly numbersOf: (dimensions: Collected['dimensions']) => (own: OwnPart) => PersonNumbers;
}): readonly PersonNumbers[] {
  const { settings, placements, currencies, peopleCount } = of;
  const found: PersonNumbers[] = [];
  const collector: JourneyCollector = new JourneyCollector({
    settings,
    placements,
    currencies,
    watch: (_, own) => found.push(numbersOf(own)),
  });
  const numbersOf = of.numbersOf(collector.dimensions);
  const random = new SeededRandom('people of an exact attribution');
  for (let person = 0; person < peopleCount; person++) collector.add(rowsOf(person, of, random));
  collector.finish();
  return found;
}

/** Up to eight touches and orders, the first touch of a placement whose turn it is; a person is in one audience. */
function rowsOf(
  person: number,
  { settings, placements, currencies }: Parameters<typeof randomPeople>[0],
  random: SeededRandom,
): JourneyBatch {
  const first = person % placements.length;
  const same = [...placements.keys()].filter((i) => placements[i]!.audience === placements[first]!.audience);
  const { from, until } = settings.period;
  const rows = Array.from({ length: 1 + random.below(rowsMax) }, (_, i) => {
    const second = random.below(until - from);
    const isOrder = random.chance(0.5);
    return {
      second,
      kind: isOrder ? kindCode('order') : kindCode(touchKinds[random.below(touchKinds.length)]!),
      subject: isOrder
        ? random.below(Math.max(currencies.length, 1))
        : i === 0
          ? first
          : same[random.below(same.length)]!,
      value: isOrder ? random.below(settings.valueMax ?? 1_000_000) : 0,
    };
  }).sort((a, b) => a.second - b.second || a.kind - b.kind);
  return {
    rowCount: rows.length,
    person: new Uint32Array(rows.length).fill(person),
    second: Int32Array.from(rows, ({ second }) => second),
    kind: Uint32Array.from(rows, ({ kind }) => kind),
    subject: Uint32Array.from(rows, ({ subject }) => subject),
    value: Float64Array.from(rows, ({ value }) => value),
  };
}
