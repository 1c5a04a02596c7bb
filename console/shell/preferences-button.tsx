import { SettingOutlined } from '@ant-design/icons';
import { Button, Popover, Segmented } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { appearances, choose, type Preferences, usePreferences } from '../app/preferences.ts';

/** Language, appearance and time zone: also there before anybody has signed in. */
export function PreferencesButton() {
  const { t } = useTranslation();
  return (
    <Popover trigger="click" placement="topLeft" content={<Choices />}>
      <Button type="text" icon={<SettingOutlined />} aria-label={t('preferences.title')} />
    </Popover>
  );
}

function Choices() {
  const { t } = useTranslation();
  const chosen = usePreferences();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="choices">
      <Choice
        title={t('preferences.language')}
        name="language"
        value={chosen.language}
        options={[
          { value: 'en', label: 'English' },
          { value: 'zh', label: '简体中文' },
        ]}
      />
      <Choice
        title={t('preferences.appearance')}
        name="appearance"
        value={chosen.appearance}
        options={appearances.map((value) => ({ value, label: t(`preferences.${value}`) }))}
      />
      <Choice
        title={t('preferences.zone')}
        name="zone"
        value={chosen.zone}
        options={[
          { value: 'local', label: t('preferences.zoneLocal', { zone }) },
          { value: 'utc', label: t('preferences.zoneUtc') },
        ]}
      />
    </div>
  );
}

function Choice<Name extends keyof Preferences>(props: {
  readonly title: string;
  readonly name: Name;
  readonly value: Preferences[Name];
  readonly options: { readonly value: Preferences[Name]; readonly label: string }[];
}) {
  const id = useId();
  return (
    <div>
      <div id={id} className="label">
        {props.title}
      </div>
      <Segmented<Preferences[Name]>
        block
        aria-labelledby={id}
        value={props.value}
        options={props.options}
        onChange={(value) => choose({ [props.name]: value })}
      />
    </div>
  );
}
