/** Where long work stands: one line that is rewritten on a terminal, one line for each stage elsewhere. */
import type { Cli } from '../cli.ts';
import { fit, visible } from './text.ts';
import { duration, number, percent } from './values.ts';

/** What jobs and operations have in common. */
export interface Standing {
  readonly status: string;
  readonly stage: string;
  /** 0 … 1 of the whole. */
  readonly progress: number;
  readonly ratePerSecond?: number | undefined;
  readonly etaSeconds?: number | undefined;
}

export interface ProgressLine {
  readonly update: (standing: Standing) => void;
  /** Leaves the terminal on a fresh line. */
  readonly end: () => void;
}

const barWidth = 24;

export function progressLine(cli: Cli): ProgressLine {
  const { terminal, words } = cli;
  let written = '';
  const title = ({ stage, status }: Standing) => {
    // A stage of several rounds is named with what it is about: `commit phone`.
    const [first = '', ...rest] = stage.split(' ');
    const stageName = [(words.stages as Readonly<Record<string, string>>)[first] ?? first, ...rest].join(' ');
    return status === 'running'
      ? stageName
      : `${stageName} (${(words.states as Readonly<Record<string, string>>)[status] ?? status})`;
  };
  return {
    update: (standing) => {
      const columns = terminal.columns();
      if (columns === undefined) {
        const line = title(standing);
        if (line !== written) cli.note(line);
        written = line;
        return;
      }
      const full = Math.floor(standing.progress * barWidth);
      const parts = [
        `[${'#'.repeat(full)}${'-'.repeat(barWidth - full)}] ${percent(standing.progress)}`,
        title(standing),
        standing.ratePerSecond === undefined ? '' : words.rate(number(standing.ratePerSecond)),
        standing.etaSeconds === undefined ? '' : words.left(duration(standing.etaSeconds, words)),
      ];
      const line = fit(visible(parts.filter((part) => part !== '').join('  ')), columns - 1);
      if (line !== written) terminal.error.write(`\r${line}\u001b[K`);
      written = line;
    },
    end: () => {
      if (terminal.columns() !== undefined && written !== '') terminal.error.write('\r\u001b[K');
    },
  };
}
