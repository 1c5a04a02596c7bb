import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';

/** Whether a condition has to hold, or must not. */
export function NotSwitch(props: {
  readonly verb: 'is' | 'did';
  readonly isNot: boolean;
  readonly onChange: (isNot: boolean) => void;
}) {
  const { verb, isNot, onChange } = props;
  const { t } = useTranslation();
  return (
    <Segmented<'yes' | 'not'>
      size="small"
      aria-label={t('builder.isOrNot')}
      value={isNot ? 'not' : 'yes'}
      options={[
        { value: 'yes', label: t(verb === 'is' ? 'builder.is' : 'builder.did') },
        { value: 'not', label: t(verb === 'is' ? 'builder.isNot' : 'builder.didNot') },
      ]}
      onChange={(value) => onChange(value === 'not')}
    />
  );
}
