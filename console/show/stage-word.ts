import { useTranslation } from 'react-i18next';
import { en } from '../words/en/index.ts';

/** The words for a stage of a job or of local work, such as `exchange phone`; a stage that a newer node has is shown as it is. */
export function useStageWord(): (stage: string) => string {
  const { t } = useTranslation();
  return (stage) => {
    const [name = '', ...about] = stage.split(' ');
    if (!Object.hasOwn(en.stages, name)) return stage;
    return [t(`stages.${name as keyof typeof en.stages}`), ...about].join(' · ');
  };
}
