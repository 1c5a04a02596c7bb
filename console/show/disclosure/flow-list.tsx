import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../figures.ts';
import type { Named } from '../said-with.ts';
import { useFlowWord } from './flow-word.ts';
import type { Flow } from './ladder.ts';

/** The same as the picture in words: for small screens, for readers that hear the page, and for agreements of many parties. */
export function FlowList({ flows, named }: { readonly flows: readonly Flow[]; readonly named: Named }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const figures = useFigures();
  const { nameOf } = named;
  const flowWord = useFlowWord();
  return (
    <ul className="plain-list flow-list">
      {flows.map((flow) => (
        <li key={`${flow.from}/${flow.to}/${flow.code}`}>
          <div>
            <strong>
              {nameOf(flow.from)} → {nameOf(flow.to)}
            </strong>{' '}
            <span className="fine">
              {flowWord(flow.code)}
              {flow.bytesAbout !== undefined && ` · ${t('disclosure.about', { size: figures.size(flow.bytesAbout) })}`}
            </span>
          </div>
          <div className="fine">{flow.words[language]}</div>
        </li>
      ))}
    </ul>
  );
}
