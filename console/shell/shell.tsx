import { LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { Link, Outlet } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type User, useSigning, useUser } from '../app/session.ts';
import { SignIn } from '../screens/sign-in/sign-in.tsx';
import { Mark } from './mark.tsx';
import { Navigation } from './navigation.tsx';
import { PreferencesButton } from './preferences-button.tsx';
import { Silence } from './silence.tsx';
import { Waiting } from './waiting.tsx';

/** What stands around every screen; without a user it is the sign-in, whatever the address. */
export function Shell() {
  return (
    <Suspense fallback={<Waiting />}>
      <Inside />
    </Suspense>
  );
}

function Inside() {
  const { t } = useTranslation();
  const user = useUser();
  if (user === null) return <SignIn />;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('navigation.skip')}
      </a>
      <header className="rail">
        <Link to="/" className="brand">
          <Mark />
          <span>{t('product.name')}</span>
        </Link>
        <Navigation />
        <div className="rail-foot">
          <Account user={user} />
          <PreferencesButton />
        </div>
      </header>
      <main id="content" className="content" tabIndex={-1}>
        <Silence />
        <Outlet />
      </main>
    </div>
  );
}

function Account({ user }: { readonly user: User }) {
  const { t } = useTranslation();
  const { signOut } = useSigning();
  const roles = user.roles.map((role) => t(`roles.${role}`)).join(' · ');
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'roles', label: roles, disabled: true },
          { type: 'divider' },
          { key: 'out', icon: <LogoutOutlined />, label: t('session.signOut'), onClick: () => void signOut() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('session.account', { name: user.name })}>
        {user.name}
      </Button>
    </Dropdown>
  );
}
