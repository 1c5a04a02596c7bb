import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { useSigning } from '../../app/session.ts';
import { Mark } from '../../shell/mark.tsx';
import { PreferencesButton } from '../../shell/preferences-button.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { FirstPassword } from './first-password.tsx';

export function SignIn() {
  const { t } = useTranslation();
  const [isFirst, setFirst] = useState(false);
  return (
    <main className="door">
      <div className="door-card">
        <div className="brand">
          <Mark />
          <span>{t('product.name')}</span>
        </div>
        <p className="tagline">{t('product.tagline')}</p>
        {isFirst ? <FirstPassword /> : <Credentials />}
        <div className="door-foot">
          <Button type="link" onClick={() => setFirst(!isFirst)}>
            {isFirst ? t('session.back') : t('session.first')}
          </Button>
          <PreferencesButton />
        </div>
      </div>
    </main>
  );
}

function Credentials() {
  const { t } = useTranslation();
  const { signIn } = useSigning();
  const action = useAction(signIn);
  const needed = [{ required: true, message: t('session.required') }];
  return (
    <Form layout="vertical" requiredMark={false} onFinish={action.run}>
      <h1>{t('session.title')}</h1>
      <Form.Item name="name" label={t('session.name')} rules={needed}>
        <Input autoComplete="username" autoFocus />
      </Form.Item>
      <Form.Item name="password" label={t('session.password')} rules={needed}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {action.error !== null && <ProblemNote error={action.error} />}
      <Button type="primary" htmlType="submit" block loading={action.isRunning}>
        {t('session.signIn')}
      </Button>
    </Form>
  );
}
