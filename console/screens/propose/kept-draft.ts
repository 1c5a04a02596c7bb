/** A draft outlives the page: it is kept in this tab, so that going back, or opening the page anew, loses nothing. Another tab has its own. */
import { useState } from 'react';
import { type AnyDraft, emptyDraft, type Operation } from './draft.ts';

const keyOf = (operation: Operation) => `causeway-draft/${operation}`;

export function keepDraft(draft: AnyDraft): void {
  try {
    sessionStorage.setItem(keyOf(draft.operation), JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing forgets the draft with the page.
  }
}

export function forgetDraft(operation: Operation): void {
  try {
    sessionStorage.removeItem(keyOf(operation));
  } catch {
    // As above: there is nothing to forget.
  }
}

/** @param self this organisation. @returns the draft of an operation, and how it is replaced. */
export function useDraft(operation: Operation, self: string): readonly [AnyDraft, (draft: AnyDraft) => void] {
  const [draft, setDraft] = useState(() => keptDraft(operation) ?? emptyDraft(operation, self));
  const change = (changed: AnyDraft) => {
    keepDraft(changed);
    setDraft(changed);
  };
  return [draft, change];
}

function keptDraft(operation: Operation): AnyDraft | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(keyOf(operation)) ?? 'null');
    const isDraft = typeof value === 'object' && value !== null && 'proposal' in value && 'operation' in value;
    return isDraft && value.operation === operation ? (value as AnyDraft) : undefined;
  } catch {
    return undefined;
  }
}
