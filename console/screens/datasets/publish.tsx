import type { ResponseOf } from '@causeway/core/api';
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { Description } from './description.tsx';

/** Shows exactly what the ledger will hold of a dataset before it is put there. */
export function Publish(props: { readonly dataset: ResponseOf<'dataset.show'>; readonly close: () => void }) {
  const { t } = useTranslation();
  const { id, name, description } = props.dataset;
  const action = useAction(() => client.dataset.publish({ dataset: id }), {
    changes: ['datasets', 'catalogue'],
    done: props.close,
  });
  return (
    <Modal
      open
      title={t('datasets.publishTitle')}
      okText={t('datasets.publishConfirm')}
      cancelText={t('datasets.cancel')}
      confirmLoading={action.isRunning}
      onOk={() => action.run(undefined)}
      onCancel={props.close}
    >
      <div className="stack">
        <p className="fine">{t('datasets.publishAbout')}</p>
        <div className="panel panel-body">
          <Description name={name} description={description} />
        </div>
        {action.error !== null && <ProblemNote error={action.error} />}
      </div>
    </Modal>
  );
}
