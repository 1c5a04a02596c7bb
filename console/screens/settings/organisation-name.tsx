import { useSuspenseQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { Rule } from './rule.tsx';

/** What others see this organisation called: changed on the ledger, so it is no rule that is saved with the others. */
export function OrganisationName() {
  const { t } = useTranslation();
  const may = useMay();
  const { data: status } = useSuspenseQuery(queries.status);
  const [typed, setTyped] = useState<string>();
  const action = useAction((name: string) => client.network.rename({ name }), {
    changes: ['status', 'members', 'catalogue'],
    done: () => setTyped(undefined),
  });
  const isFixed = !may('network.rename') || status.network === undefined;
  const name = typed?.trim() ?? status.name;
  return (
    <Rule
      title={t('settings.name')}
      about={t(status.network === undefined ? 'settings.nameLater' : 'settings.nameAbout', {
        organisation: status.organisation,
      })}
      control={(id) => (
        <Input
          id={id}
          readOnly={isFixed}
          maxLength={200}
          value={typed ?? status.name}
          onChange={({ target }) => setTyped(target.value)}
        />
      )}
      example={
        <>
          {name !== '' && name !== status.name && (
            <div className="toolbar">
              <Button type="primary" loading={action.isRunning} onClick={() => action.run(name)}>
                {t('settings.rename')}
              </Button>
              <Button onClick={() => setTyped(undefined)}>{t('settings.undo')}</Button>
            </div>
          )}
          {action.error !== null && <ProblemNote error={action.error} />}
        </>
      }
    />
  );
}
