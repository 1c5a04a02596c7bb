import { CheckCircleFilled } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** The way from an empty node to the first match; what is done is ticked off. */
export function FirstSteps(props: {
  readonly hasNetwork: boolean;
  readonly hasDataset: boolean;
  readonly hasPublished: boolean;
}) {
  const { t } = useTranslation();
  const steps = [
    { to: '/network', words: t('home.startNetwork'), isDone: props.hasNetwork },
    { to: '/datasets/add', words: t('home.startDataset'), isDone: props.hasDataset },
    { to: '/datasets', words: t('home.startPublish'), isDone: props.hasPublished },
  ] as const;
  return (
    <section className="panel">
      <h2>{t('home.start')}</h2>
      <ol className="steps">
        {steps.map(({ to, words, isDone }, i) => (
          <li key={to}>
            <span className="number">{isDone ? <CheckCircleFilled aria-label={t('home.done')} /> : i + 1}</span>
            {isDone ? words : <Link to={to}>{words}</Link>}
          </li>
        ))}
      </ol>
    </section>
  );
}
