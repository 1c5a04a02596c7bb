import { createClient } from '@causeway/sdk';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { useSigning } from '../../app/session.ts';
import { ProblemNote } from '../../show/problem-note.tsx';

/** The first password of a new node's user, set with the token that lies in the node's folder. The token is used once and kept nowhere. */
export function FirstPassword() {
  const { t } = useTranslation();
  const { signIn } = useSigning();
  const action = useAction(async ({ token, password }: { readonly token: string; readonly password: string }) => {
    const owner = createClient({ url: '', token: token.trim() });
    const { user } = await owner.session.me();
    await owner.user.setPassword({ user: user.id, password });
    await signIn({ name: user.name, password });
  });
  return (
    <Form layout="vertical" requiredMark={false} onFinish={action.run}>
      <h1>{t('session.firstTitle')}</h1>
      <p>{t('session.firstAbout')}</p>
      <Form.Item name="token" label={t('session.token')} rules={[{ required: true, message: t('session.required') }]}>
        <Input.Password autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('session.newPassword')}
        extra={t('session.newPasswordRule')}
        rules={[{ required: true, min: 12, message: t('session.newPasswordRule') }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {action.error !== null && <ProblemNote error={action.error} />}
      <Button type="primary" htmlType="submit" block loading={action.isRunning}>
        {t('session.set')}
      </Button>
    </Form>
  );
}
