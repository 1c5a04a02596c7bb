import { check, routes } from '@causeway/core/api';
import { describe, expect, it } from 'vitest';
import {
  type AnyDraft,
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

describe('a template', () => {
  it('is taken by the API, and gives the draft that it was made of', () => {
    const drafts: AnyDraft[] = [match({ minimumListRows: 5000 })];
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
