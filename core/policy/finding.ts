/** What a rule says of an agreement, and the refusal that follows from it. */
import type { Words } from './words.ts';

export type PolicyRule =
  | 'minimum-list'
  | 'minimum-group'
  | 'own-list-below-minimum'
  | 'uses'
  | 'expiry'
  | 'set-size'
  | 'set-ratio'
  | 'runs-per-day'
  | 'dense-list'
  | 'evaluations'
  | 'privacy-budget'
  | 'difference';

export interface Finding {
  readonly rule: PolicyRule;
  /** Whose rule it is. */
  readonly organisation: string;
  readonly outcome: 'allowed' | 'warned' | 'refused';
  readonly words: Words;
  /** Of the rule `privacy-budget`, in millionths of ρ: what is spent or granted, what this takes, and what there is in all. */
  readonly budget?: {
    readonly partner: string;
    readonly committed: number;
    readonly added: number;
    readonly most: number;
  };
}

/** A rule said no. */
export class PolicyDenied extends Error {
  override readonly name = 'PolicyDenied';
  readonly code = 'policy-denied';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ organisation, rule, words }) => `${organisation}, rule ${rule}: ${words.en}`).join(' '));
    this.findings = findings;
  }
}

/** @throws {PolicyDenied} with the findings that refuse, if any does. */
export function requireAllowed(findings: readonly Finding[]): void {
  const refused = findings.filter(({ outcome }) => outcome === 'refused');
  if (refused.length > 0) throw new PolicyDenied(refused);
}
