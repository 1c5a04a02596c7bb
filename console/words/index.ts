/** The console's two languages, and how a sentence is looked up in the one that is chosen. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.ts';
import { zh } from './zh/index.ts';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    readonly defaultNS: 'translation';
    readonly resources: { readonly translation: typeof en };
    readonly returnNull: false;
  }
}

/** Both languages are part of the first load: changing it asks the node nothing. */
export function startWords(language: Language): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    // React escapes what it writes.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

/** The language that a browser asks for, as far as there is one here. */
export function languageOf(wanted: readonly string[]): Language {
  const first = wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => tag === 'zh' || tag === 'en');
  return first === 'zh' ? 'zh' : 'en';
}
