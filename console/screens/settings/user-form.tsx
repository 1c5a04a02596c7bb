import { type Role, roles } from '@causeway/core/api';
import { Checkbox, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { Field } from '../../show/field.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import type { User } from './users.tsx';

const passwordLengthMin = 12;

/** A new user, or the roles and the password of one that is there. */
export function UserForm({ user, close }: { readonly user: User | undefined; readonly close: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(user?.name ?? '');
  const [held, setHeld] = useState<readonly Role[]>(user?.roles ?? ['analyst']);
  const [password, setPassword] = useState('');
  const save = useAction(
    async () => {
      const given = { roles: [...held] };
      if (user === undefined) {
        await client.user.create({ ...given, name: name.trim(), password });
        return;
      }
      await client.user.update({ ...given, user: user.id });
      if (password !== '') await client.user.setPassword({ user: user.id, password });
    },
    { changes: ['users', 'session'], done: close },
  );
  const needsPassword = user === undefined || password !== '';
  const isComplete = name.trim() !== '' && held.length > 0 && (!needsPassword || password.length >= passwordLengthMin);
  return (
    <Modal
      open
      title={user === undefined ? t('settings.addUser') : user.name}
      okText={t('settings.save')}
      cancelText={t('datasets.cancel')}
      okButtonProps={{ disabled: !isComplete }}
      confirmLoading={save.isRunning}
      onOk={() => save.run(undefined)}
      onCancel={close}
    >
      <div className="fields">
        {user === undefined && (
          <Field label={t('session.name')}>
            {(id) => (
              <Input
                id={id}
                value={name}
                maxLength={100}
                autoComplete="off"
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
        )}
        <fieldset className="choice-cards">
          <legend className="label">{t('settings.roles')}</legend>
          <ul className="plain-list stack">
            {roles.map((role) => (
              <li key={role}>
                <Checkbox
                  checked={held.includes(role)}
                  onChange={({ target }) =>
                    setHeld(roles.filter((one) => (one === role ? target.checked : held.includes(one))))
                  }
                >
                  {t(`roles.${role}`)} <span className="fine">{t(`settings.roleAbout.${role}`)}</span>
                </Checkbox>
              </li>
            ))}
          </ul>
        </fieldset>
        <Field
          label={user === undefined ? t('session.password') : t('settings.newPassword')}
          hint={t('session.newPasswordRule')}
        >
          {(id) => (
            <Input.Password
              id={id}
              value={password}
              maxLength={1024}
              autoComplete="new-password"
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </Field>
        {save.error !== null && <ProblemNote error={save.error} />}
      </div>
    </Modal>
  );
}
