import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../../show/figures.ts';
import type { Telling } from './figures/told.ts';

/** The reader's words for figures. */
export function useTelling(): Telling {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const figures = useFigures();
  return {
    // One of the words stands for all of them: each has blanks of its own.
    say: (word, blanks = {}) => t(`resultWords.${word}` as 'resultWords.people', blanks),
    words: (words) => words[language],
    day: (seconds) => figures.day(new Date(seconds * 1000).toISOString()),
  };
}
