import { check, routes } from '@causeway/core/api';
import { activateDaysMax } from '@causeway/core/applications/activate';
import { describe, expect, it } from 'vitest';
import {
  type ActivateDraft,
  type AnyDraft,
  activationDays,
  daysMaxOf,
  draftOf,
  emptyDraft,
  firstOpenStep,
  type MatchDraft,
  operations,
  problemsOf,
  requestOf,
  type Template,
  templateOf,
} from './draft.ts';

const match = (more: Partial<MatchDraft['proposal']> = {}): MatchDraft => {
  const empty = emptyDraft('match', 'aurora') as MatchDraft;
  const chosen = { with: 'borealis', mine: 'crm', theirs: 'users', keys: ['phone'], purpose: 'spring' };
  return { ...empty, proposal: { ...empty.proposal, ...chosen, ...more } };
};

describe('a draft', () => {
  it.each(operations)('of %s begins with its first step open, and cannot be sent', (operation) => {
    const draft = emptyDraft(operation, 'aurora');
    expect(firstOpenStep(draft)).toBe('who');
    expect(problemsOf(draft)).not.toEqual([]);
  });

  it('opens the step in which something is missing, and the preview when nothing is', () => {
    expect(firstOpenStep(match({ keys: [] }))).toBe('who');
    expect(firstOpenStep(match({ purpose: ' ' }))).toBe('limits');
    expect(firstOpenStep(match({ uses: 0 }))).toBe('limits');
    expect(firstOpenStep(match({ receiver: 'nobody' as 'none' }))).toBe('terms');
    expect(firstOpenStep(match())).toBe('preview');
  });

  it('[F4] refuses a purpose that hides or reverses text, and sends any other as it is', () => {
    expect(firstOpenStep(match({ purpose: 'spring \u202egnirps' }))).toBe('limits');
    const naughty = '=cmd|calc!A1 <script>alert(1)</script> 𠮷野家';
    expect(firstOpenStep(match({ purpose: naughty }))).toBe('preview');
    expect(requestOf(match({ purpose: ` ${naughty} ` }), 0).purpose).toBe(naughty);
  });

  it('ends as many days after it is sent as it says', () => {
    expect(requestOf({ ...match(), days: 2 }, Date.UTC(2026, 0, 1)).expiresAt).toBe('2026-01-03T00:00:00.000Z');
  });
});

describe('a draft of an activation', () => {
  const activate = (form: ActivateDraft['proposal']['form']): ActivateDraft => {
    const empty = emptyDraft('activate', 'aurora') as ActivateDraft;
    const chosen = { with: 'borealis', mine: 'crm', theirs: 'users', key: 'email', purpose: 'spring' };
    return { ...empty, proposal: { ...empty.proposal, ...chosen, form } };
  };

  it('needs two domains for labels, and none for ids', () => {
    expect(firstOpenStep(activate({ kind: 'pair' }))).toBe('preview');
    expect(firstOpenStep(activate({ kind: 'opja', system: '', receiver: '' }))).toBe('terms');
    expect(firstOpenStep(activate({ kind: 'opja', system: 'match.example', receiver: 'dsp.example' }))).toBe('preview');
  });

  it('lasts no longer than its standard lets it, with room between two clocks', () => {
    for (const kind of ['pair', 'opja'] as const) {
      expect(activationDays[kind].most).toBe(activateDaysMax[kind]);
      expect(activationDays[kind].proposed).toBeLessThan(activationDays[kind].most);
    }
    expect(daysMaxOf(activate({ kind: 'pair' }))).toBe(30);
    expect(daysMaxOf(match())).toBe(366);
  });
});

describe('a template', () => {
  it('is taken by the API, and gives the draft that it was made of', () => {
    const activate = emptyDraft('activate', 'aurora') as ActivateDraft;
    const chosen = { with: 'borealis', mine: 'crm', theirs: 'users', key: 'email', purpose: 'spring' };
    const drafts: AnyDraft[] = [
      match({ minimumListRows: 5000 }),
      { ...activate, proposal: { ...activate.proposal, ...chosen } },
    ];
    for (const draft of drafts) {
      const sent = templateOf(draft, 'spring');
      const checked = check(routes['template.save'].body, JSON.parse(JSON.stringify(sent)));
      expect(checked).toMatchObject({ ok: true });
      if (!checked.ok) continue;
      const kept = { ...checked.value, id: 't', createdAt: '', createdBy: '' } as unknown as Template;
      expect(draftOf(kept)).toEqual(draft);
    }
  });
});
