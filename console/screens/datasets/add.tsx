import type { ResponseOf } from '@causeway/core/api';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { Preflight } from './preflight.tsx';
import { UploadPanel } from './upload/upload-panel.tsx';

/** From a file, of this computer or of the node's machine, to a dataset: the node looks at it first, and takes in what a person has chosen. */
export function AddDataset() {
  const { t } = useTranslation();
  const may = useMay();
  const [file, setFile] = useState<ResponseOf<'dataset.inspect'>>();
  const look = useAction(({ path }: { readonly path: string }) => client.dataset.inspect({ path: path.trim() }), {
    done: setFile,
  });
  if (!may('dataset.add')) {
    return (
      <section className="screen">
        <h1>{t('add.title')}</h1>
        <div className="panel">
          <NothingYet title={t('problem.titles.forbidden')} about={t('add.needsSteward')} />
        </div>
      </section>
    );
  }
  if (file !== undefined) {
    return (
      <section className="screen">
        <div className="screen-head">
          <h1>{t('add.title')}</h1>
          <Button onClick={() => setFile(undefined)}>{t('add.another')}</Button>
        </div>
        <Preflight key={file.path} file={file} />
      </section>
    );
  }
  return (
    <section className="screen">
      <h1>{t('add.title')}</h1>
      <div className="panel panel-body stack">
        {look.error !== null && <ProblemNote error={look.error} />}
        {look.isRunning && <p role="status">{t('add.looking')}</p>}
        <UploadPanel done={({ path }) => path !== undefined && look.run({ path })} />
        <details>
          <summary>{t('add.byPath')}</summary>
          <Form layout="vertical" requiredMark={false} onFinish={look.run}>
            <Form.Item
              name="path"
              label={t('add.path')}
              extra={t('add.pathHint')}
              rules={[{ required: true, message: t('session.required') }]}
            >
              <Input className="mono" spellCheck={false} />
            </Form.Item>
            <Button htmlType="submit" loading={look.isRunning}>
              {t('add.look')}
            </Button>
          </Form>
        </details>
      </div>
    </section>
  );
}
