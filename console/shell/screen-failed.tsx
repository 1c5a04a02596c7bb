import type { Role } from '@causeway/core/api';
import { useQueryClient } from '@tanstack/react-query';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { Button, Result } from 'antd';
import { useTranslation } from 'react-i18next';
import { rolesFor, type Screen } from '../app/screens.ts';
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

/** In place of a screen that is not for this user's roles. */
export function ScreenForbidden({ screen }: { readonly screen: Screen }) {
  const { t } = useTranslation();
  const roles = rolesFor(screen).map((role) => t(`roles.${role as Role}`));
  return (
    <section className="screen">
      <h1>{t('problem.titles.forbidden')}</h1>
      <p>{t('problem.forbiddenAbout', { roles: roles.join(' · ') })}</p>
      <Link to="/">{t('problem.toHome')}</Link>
    </section>
  );
}
