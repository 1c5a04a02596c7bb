/** The two languages of the command. */
import { en } from './en.ts';
import { zh } from './zh.ts';

export type Words = typeof en;
export type Language = 'en' | 'zh';

export function wordsIn(language: Language): Words {
  return language === 'zh' ? zh : en;
}

/** `--lang`, else the first of LC_ALL, LC_MESSAGES and LANG that is set, as POSIX has it; English where none is Chinese. */
export function languageOf(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  if (option !== undefined) return option === 'zh' ? 'zh' : 'en';
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((value) => value !== undefined && value !== '') ?? '';
  return /^zh([_.@-]|$)/i.test(locale) ? 'zh' : 'en';
}
