import { useQueryClient } from '@tanstack/react-query';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { Button, Result } from 'antd';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../show/problem-note.tsx';

/** In place of a screen that failed while it was drawn or while it read from the node. */
export function ScreenFailed({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const again = () => {
    void queries.resetQueries().then(reset);
  };
  return (
    <section className="screen">
      <h1>{t('problem.screenTitle')}</h1>
      <ProblemNote error={error} action={<Button onClick={again}>{t('problem.retry')}</Button>} />
    </section>
  );
}

export function ScreenAbsent() {
  const { t } = useTranslation();
  return (
    <Result
      status="404"
      title={t('problem.absentTitle')}
      subTitle={t('problem.absentAbout')}
      extra={<Link to="/">{t('problem.toHome')}</Link>}
    />
  );
}
