import type { ResponseOf } from '@causeway/core/api';
import { Button, Modal, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';

/** One line to send to one organisation. It is shown once and kept nowhere. */
export function Invite() {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const [made, setMade] = useState<ResponseOf<'network.invite'>>();
  const action = useAction(() => client.network.invite(), { done: setMade });
  if (!may('network.invite')) return null;
  return (
    <div className="stack">
      <Button type="primary" loading={action.isRunning} onClick={() => action.run(undefined)}>
        {t('network.makeInvite')}
      </Button>
      {action.error !== null && <ProblemNote error={action.error} />}
      {made !== undefined && (
        <Modal open footer={null} title={t('network.makeInvite')} onCancel={() => setMade(undefined)}>
          <div className="stack">
            <p>{t('network.inviteAbout', { time: figures.time(made.expiresAt) })}</p>
            <Typography.Paragraph copyable className="mono panel panel-body">
              {made.invite}
            </Typography.Paragraph>
          </div>
        </Modal>
      )}
    </div>
  );
}
