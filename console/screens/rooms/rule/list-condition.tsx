import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useOrganisationName } from '../../../show/organisations.tsx';
import { NotSwitch } from './not-switch.tsx';
import type { ConditionProps } from './rule-editor.tsx';

/** Whoever is in another table of people. */
export function ListCondition({ condition, words, onChange }: ConditionProps<'list'>) {
  const { t } = useTranslation();
  const nameOf = useOrganisationName();
  return (
    <>
      <NotSwitch verb="is" isNot={condition.isNot} onChange={(isNot) => onChange({ ...condition, isNot })} />
      <span>{t('builder.inList')}</span>
      <Select<string>
        aria-label={t('builder.inList')}
        placeholder={t('builder.list')}
        className="rule-values"
        value={condition.list ?? null}
        options={words.lists.map(({ name, owner }) => ({ value: name, label: `${name} · ${nameOf(owner)}` }))}
        onChange={(list) => onChange({ ...condition, list })}
      />
    </>
  );
}
