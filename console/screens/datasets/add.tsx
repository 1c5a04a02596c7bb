import type { ResponseOf } from '@causeway/core/api';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { Preflight } from './preflight.tsx';

/** From a path on the node's machine to a dataset: the node looks at the file first, and takes in what a person has chosen. */
export function AddDataset() {
  const { t } = useTranslation();
  const [file, setFile] = useState<ResponseOf<'dataset.inspect'>>();
  const look = useAction(({ path }: { readonly path: string }) => client.dataset.inspect({ path: path.trim() }), {
    done: setFile,
  });
  return (
    <section className="screen">
      <h1>{t('add.title')}</h1>
      <div className="panel panel-body">
        <Form layout="vertical" requiredMark={false} onFinish={look.run}>
          <Form.Item
            name="path"
            label={t('add.path')}
            extra={t('add.pathHint')}
            rules={[{ required: true, message: t('session.required') }]}
          >
            <Input className="mono" autoFocus spellCheck={false} />
          </Form.Item>
          <div className="stack">
            {look.error !== null && <ProblemNote error={look.error} />}
            <div>
              <Button type={file === undefined ? 'primary' : 'default'} htmlType="submit" loading={look.isRunning}>
                {look.isRunning ? t('add.looking') : t('add.look')}
              </Button>
            </div>
          </div>
        </Form>
      </div>
      {file !== undefined && <Preflight key={file.path} file={file} />}
    </section>
  );
}
