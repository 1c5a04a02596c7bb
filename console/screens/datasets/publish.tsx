import type { ResponseOf } from '@causeway/core/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Checkbox, Modal, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { Description } from './description.tsx';

/** Shows exactly what the ledger will hold of a dataset before it is put there, with the values of the columns that its owner ticks. */
export function Publish(props: { readonly dataset: ResponseOf<'dataset.show'>; readonly close: () => void }) {
  const { t } = useTranslation();
  const { id, name, description } = props.dataset;
  const [columns, setColumns] = useState(() =>
    description.attributes.filter(({ values }) => values !== undefined).map(({ column }) => column),
  );
  const { data: plain } = useQuery(queries.publication(id, []));
  const preview = useQuery({ ...queries.publication(id, columns), placeholderData: keepPreviousData });
  const shown = preview.isPlaceholderData ? undefined : preview.data;
  const action = useAction((seen: string) => client.dataset.publish({ dataset: id, values: columns, seen }), {
    changes: ['datasets', 'catalogue'],
    done: props.close,
  });
  const error = preview.error ?? action.error;
  return (
    <Modal
      open
      title={t('datasets.publishTitle')}
      okText={t('datasets.publishConfirm')}
      cancelText={t('datasets.cancel')}
      confirmLoading={action.isRunning}
      okButtonProps={{ disabled: shown === undefined || preview.error !== null }}
      onOk={() => shown !== undefined && action.run(shown.digest)}
      onCancel={props.close}
    >
      <div className="stack">
        <p className="fine">{t('datasets.publishAbout')}</p>
        <div className="panel panel-body">
          {preview.data === undefined ? (
            preview.error === null && <Spin />
          ) : (
            <Description name={name} description={preview.data.description} />
          )}
        </div>
        {shown?.partial.map((column) => (
          <p className="fine" key={column}>
            {t('datasets.valuesPartial', { column })}
          </p>
        ))}
        {plain !== undefined && plain.listable.length > 0 && (
          <fieldset className="plain-fieldset">
            <legend className="label">{t('datasets.publishValues')}</legend>
            <p className="fine">{t('datasets.publishValuesAbout')}</p>
            <Checkbox.Group<string>
              value={columns}
              options={plain.listable.map((column) => ({ value: column, label: column }))}
              onChange={setColumns}
            />
          </fieldset>
        )}
        {error !== null && <ProblemNote error={error} />}
      </div>
    </Modal>
  );
}
