/**
 * How a column's dates are to be understood, and three of them so understood, for a person to confirm before anything runs [F16].
 * Dates that name no zone are local to whoever wrote the file; nothing is converted.
 */

export interface DateReading {
  readonly form: string;
  /** Whether the column's values fit another form as well: 03/04/2024 may be March or April. */
  readonly isAmbiguous: boolean;
  /** Text as written and as understood (ISO 8601). */
  readonly examples: readonly { readonly text: string; readonly meaning: string }[];
}

interface DateForm {
  readonly form: string;
  readonly pattern: RegExp;
  readonly fields: readonly ('year' | 'month' | 'day' | 'hour' | 'minute' | 'second')[];
}

const time = String.raw`[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?`;

const forms: readonly DateForm[] = [
  { form: 'YYYY-MM-DD', pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})$/, fields: ['year', 'month', 'day'] },
  { form: 'YYYY/MM/DD', pattern: /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/, fields: ['year', 'month', 'day'] },
  { form: 'YYYY年MM月DD日', pattern: /^(\d{4})年(\d{1,2})月(\d{1,2})日$/, fields: ['year', 'month', 'day'] },
  { form: 'YYYYMMDD', pattern: /^((?:19|20)\d{2})(\d{2})(\d{2})$/, fields: ['year', 'month', 'day'] },
  { form: 'MM/DD/YYYY', pattern: /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/, fields: ['month', 'day', 'year'] },
  { form: 'DD/MM/YYYY', pattern: /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/, fields: ['day', 'month', 'year'] },
  {
    form: 'YYYY-MM-DD HH:MM:SS',
    pattern: new RegExp(`^(\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})${time}$`),
    fields: ['year', 'month', 'day', 'hour', 'minute', 'second'],
  },
];

/** @param values the filled cells of a sample; @returns undefined where they are no dates. */
export function readDates(values: readonly string[]): DateReading | undefined {
  if (values.length < 3) return undefined;
  const fitting = forms
    .map(({ form, pattern, fields }) => ({
      form,
      meanings: values.map((value) => meaning(value.trim(), pattern, fields)),
    }))
    .filter(({ meanings }) => meanings.every((found) => found !== undefined));
  const [chosen, ...others] = fitting;
  if (chosen === undefined) return readEpochs(values);
  return {
    form: chosen.form,
    isAmbiguous: others.length > 0,
    examples: distinct(values.map((text, i) => ({ text, meaning: chosen.meanings[i]! }))),
  };
}

function meaning(text: string, pattern: RegExp, fields: DateForm['fields']): string | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const field = (name: DateForm['fields'][number]) => Number(parts[fields.indexOf(name) + 1] ?? 0);
  const [year, month, day] = [field('year'), field('month'), field('day')];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const iso = `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`;
  if (!fields.includes('hour')) return iso;
  const [hour, minute, second] = [field('hour'), field('minute'), field('second')];
  return hour > 23 || minute > 59 || second > 59 ? undefined : `${iso}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

/** Ten digits from 2001 to 2065 are seconds, thirteen are milliseconds; both are UTC by definition. */
function readEpochs(values: readonly string[]): DateReading | undefined {
  const seconds = values.every((value) => /^[12]\d{9}$/.test(value));
  const milliseconds = values.every((value) => /^[12]\d{12}$/.test(value));
  if (!seconds && !milliseconds) return undefined;
  const of = (text: string) => ({ text, meaning: new Date(Number(text) * (seconds ? 1000 : 1)).toISOString() });
  return {
    form: seconds ? 'seconds since 1970 (UTC)' : 'milliseconds since 1970 (UTC)',
    isAmbiguous: false,
    examples: distinct(values.map(of)),
  };
}

function distinct<T extends { readonly text: string }>(examples: readonly T[]): readonly T[] {
  return [...new Map(examples.map((example) => [example.text, example])).values()].slice(0, 3);
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
