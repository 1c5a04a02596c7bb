import type { Finding, PolicyRule } from './finding.ts';
import type { PolicySettings } from './policy.ts';
import type { Words } from './words.ts';

/** The facts of an agreement on a room that rules look at, seen from one party. */
export interface RoomPolicyFacts {
  readonly minimumListRows: number;
  readonly usesMax: number;
  readonly daysLeft: number;
  /** Rows that the organisation brings; undefined for the keeper. */
  readonly ownRows: number | undefined;
  readonly parties: readonly string[];
  /** Fewest people in an audience; undefined where nobody is given any. */
  readonly audiencePersonsMin: number | undefined;
}

/**
 * Evaluates one organisation's rules on an agreement on a room. What may be asked of a column is not among them: each column's own rule, which all
 * sign, says that.
 * @returns a finding for each rule, in a fixed order.
 */
export function evaluateRoomPolicy(organisation: string, settings: PolicySettings, facts: RoomPolicyFacts): Finding[] {
  const finding = (rule: PolicyRule, allowed: boolean, words: Words): Finding => ({
    rule,
    organisation,
    outcome: allowed ? 'allowed' : 'refused',
    words,
  });
  const { ownRows } = facts;
  return [
    finding('minimum-list', facts.minimumListRows >= settings.minimumListRows, {
      en: `a list holds at least ${settings.minimumListRows} identifiers; the agreement says ${facts.minimumListRows}. Lowering it takes all parties' settings.`,
      zh: `名单至少包含 ${settings.minimumListRows} 个标识；协议写的是 ${facts.minimumListRows}。降低下限需要所有参与方都修改设置。`,
    }),
    ...(ownRows === undefined
      ? []
      : [
          finding('own-list-below-minimum', ownRows >= facts.minimumListRows, {
            en: `our list has to hold at least ${facts.minimumListRows} identifiers.`,
            zh: `我方名单至少要有 ${facts.minimumListRows} 个标识。`,
          }),
        ]),
    ...(facts.audiencePersonsMin === undefined
      ? []
      : [
          finding('minimum-group', facts.audiencePersonsMin >= settings.minimumGroupRows, {
            en: `an audience has at least ${settings.minimumGroupRows} people; the agreement says ${facts.audiencePersonsMin}.`,
            zh: `人群包至少包含 ${settings.minimumGroupRows} 人；协议写的是 ${facts.audiencePersonsMin} 人。`,
          }),
        ]),
    finding('uses', facts.usesMax <= settings.usesMax, {
      en: `an agreement is for at most ${settings.usesMax} runs; this one says ${facts.usesMax}.`,
      zh: `一份协议最多运行 ${settings.usesMax} 次；本协议写的是 ${facts.usesMax} 次。`,
    }),
    finding('expiry', facts.daysLeft > 0 && facts.daysLeft <= settings.daysMax, {
      en: `a room lasts at most ${settings.daysMax} days and ends in the future.`,
      zh: `房间最长 ${settings.daysMax} 天，且到期日须在将来。`,
    }),
  ];
}
