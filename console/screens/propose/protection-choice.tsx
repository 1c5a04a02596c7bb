import { useTranslation } from 'react-i18next';
import { ChoiceCards } from '../../show/choice-cards.tsx';

export type ProtectionKind = 'noise' | 'exact';

/** Whether figures come with noise, which is measured and paid, or as they are. */
export function ProtectionChoice(props: {
  readonly value: ProtectionKind;
  readonly onChange: (kind: ProtectionKind) => void;
}) {
  const { t } = useTranslation();
  return (
    <ChoiceCards<ProtectionKind>
      label={t('propose.protection')}
      value={props.value}
      onChange={props.onChange}
      choices={[
        { value: 'noise', title: t('propose.noise'), about: t('propose.noiseAbout') },
        { value: 'exact', title: t('propose.exact'), about: t('propose.exactAbout') },
      ]}
    />
  );
}
