import { useQuery } from '@tanstack/react-query';
import { Modal, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { Checks } from './checks.tsx';

/** What `causeway doctor` finds on the way to one partner and back. */
export function Doctor(props: { readonly organisation: string; readonly close: () => void }) {
  const { t } = useTranslation();
  const found = useQuery({ ...queries.doctor(props.organisation), gcTime: 0 });
  return (
    <Modal open footer={null} title={t('network.checkTitle', props)} onCancel={props.close}>
      {found.isPending && <Spin />}
      {found.error !== null && <ProblemNote error={found.error} />}
      {found.data !== undefined && <Checks checks={found.data.checks} />}
    </Modal>
  );
}
