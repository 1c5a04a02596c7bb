/** What a reader has chosen for this browser: language, appearance, time zone. Kept in the browser alone. */
import { useSyncExternalStore } from 'react';
import { type Language, languageOf, languages } from '../words/index.ts';

export const appearances = ['system', 'light', 'dark'] as const;
export const zones = ['local', 'utc'] as const;

export interface Preferences {
  readonly language: Language;
  readonly appearance: (typeof appearances)[number];
  readonly zone: (typeof zones)[number];
}

const key = 'causeway-preferences';
const listeners = new Set<() => void>();
let present = read();

export function preferences(): Preferences {
  return present;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

export function choose(changes: Partial<Preferences>): void {
  present = { ...present, ...changes };
  try {
    localStorage.setItem(key, JSON.stringify(present));
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  const kept = keptValues();
  return {
    language: languages.find((one) => one === kept.language) ?? languageOf(navigator.languages),
    appearance: appearances.find((one) => one === kept.appearance) ?? 'system',
    zone: zones.find((one) => one === kept.zone) ?? 'local',
  };
}

function keptValues(): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
