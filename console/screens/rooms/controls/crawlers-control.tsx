import { type CrawlerList, CrawlerListError, readCrawlerList } from '@causeway/core/applications/traffic';
import { Button, Input } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../../show/figures.ts';
import type { ControlProps } from '../field-control.tsx';
import { crawlersOf, patternsOf } from './crawlers.ts';

/** The largest that is read: the published lists are a tenth of it. */
const bytesMax = 8_000_000;

/** Patterns over user agents, one on each line, or the file of a published list; what could not be used is said before it is sent. */
export function CrawlersControl({ id, value, onChange }: ControlProps<'crawlers'>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const file = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => patternsOf(value).join('\n'));
  const [problem, setProblem] = useState<string>();
  const put = (patterns: readonly string[]) => {
    try {
      const read: CrawlerList = readCrawlerList(crawlersOf(patterns));
      setProblem(undefined);
      onChange(crawlersOf(read.patterns));
    } catch (error) {
      if (!(error instanceof CrawlerListError)) throw error;
      setProblem(t(`reports.crawlerProblems.${error.code}`, { line: figures.count((error.index ?? 0) + 1) }));
    }
  };
  const take = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    if (chosen.size > bytesMax) return setProblem(t('reports.crawlerProblems.too-large'));
    try {
      const patterns = readCrawlerList(JSON.parse(await chosen.text())).patterns;
      setText(patterns.join('\n'));
      put(patterns);
    } catch (error) {
      const code = error instanceof CrawlerListError ? error.code : 'malformed';
      const index = error instanceof CrawlerListError ? (error.index ?? 0) : 0;
      setProblem(t(`reports.crawlerProblems.${code}`, { line: figures.count(index + 1) }));
    }
  };
  return (
    <div className="stack">
      <Input.TextArea
        id={id}
        className="mono"
        rows={4}
        spellCheck={false}
        value={text}
        status={problem === undefined ? '' : 'error'}
        placeholder={'Googlebot\\/\nbingbot'}
        onChange={({ target }) => {
          setText(target.value);
          put(target.value.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])));
        }}
      />
      {problem !== undefined && (
        <p className="refusal" role="alert">
          {problem}
        </p>
      )}
      <div className="toolbar">
        <Button size="small" onClick={() => file.current?.click()}>
          {t('reports.crawlerFile')}
        </Button>
        <span className="fine">{t('reports.crawlerCount', { number: figures.count(patternsOf(value).length) })}</span>
      </div>
      <input
        ref={file}
        type="file"
        hidden
        accept=".json,application/json"
        onChange={({ target }) => {
          void take(target.files?.[0]);
          target.value = '';
        }}
      />
    </div>
  );
}
