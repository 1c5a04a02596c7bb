import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';

const changes = ['status', 'members', 'catalogue'];

export function FoundOrJoin() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <section className="screen">
      <h1>{t('network.title')}</h1>
      <div className="panel">
        <NothingYet title={t('network.none')} about={t('network.noneAbout')} />
      </div>
      {may('network.create') && (
        <div className="panels">
          <Join />
          <Found />
        </div>
      )}
    </section>
  );
}

function Join() {
  const { t } = useTranslation();
  const action = useAction(
    ({ invite }: { readonly invite: string }) => client.network.join({ invite: invite.trim() }),
    { changes },
  );
  return (
    <section className="panel">
      <h2>{t('network.join')}</h2>
      <Form className="panel-body stack" layout="vertical" requiredMark={false} onFinish={action.run}>
        <Form.Item
          name="invite"
          label={t('network.invite')}
          rules={[{ required: true, message: t('session.required') }]}
        >
          <Input.TextArea className="mono" rows={3} spellCheck={false} />
        </Form.Item>
        {action.error !== null && <ProblemNote error={action.error} />}
        <Button type="primary" htmlType="submit" loading={action.isRunning}>
          {t('network.joinDo')}
        </Button>
      </Form>
    </section>
  );
}

function Found() {
  const { t } = useTranslation();
  const action = useAction(({ name }: { readonly name: string }) => client.network.create({ name: name.trim() }), {
    changes,
  });
  return (
    <section className="panel">
      <h2>{t('network.found')}</h2>
      <Form className="panel-body stack" layout="vertical" requiredMark={false} onFinish={action.run}>
        <Form.Item
          name="name"
          label={t('network.foundName')}
          rules={[{ required: true, message: t('session.required') }]}
        >
          <Input maxLength={200} />
        </Form.Item>
        {action.error !== null && <ProblemNote error={action.error} />}
        <Button htmlType="submit" loading={action.isRunning}>
          {t('network.foundDo')}
        </Button>
      </Form>
    </section>
  );
}
