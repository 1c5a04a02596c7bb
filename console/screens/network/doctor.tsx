import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Modal, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/client.ts';
import { ProblemNote } from '../../show/problem-note.tsx';

/** What `causeway doctor` finds on the way to one partner and back. */
export function Doctor(props: { readonly organisation: string; readonly close: () => void }) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ['doctor', props.organisation],
    queryFn: ({ signal }) => client.node.doctor({ peer: props.organisation }, { signal }),
    gcTime: 0,
  });
  return (
    <Modal open footer={null} title={t('network.checkTitle', props)} onCancel={props.close}>
      {found.isPending && <Spin />}
      {found.error !== null && <ProblemNote error={found.error} />}
      <ul className="plain-list stack">
        {found.data?.checks.map(({ name, ok, detail, remedy }) => (
          <li key={name} className="toolbar">
            {ok ? (
              <CheckCircleFilled style={{ color: '#2f9e62' }} />
            ) : (
              <CloseCircleFilled style={{ color: '#d2453d' }} />
            )}
            <span>
              {detail} {remedy !== undefined && <span className="fine">{remedy}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
