import { useTranslation } from 'react-i18next';
import { en } from '../words/en.ts';

/** The word for a stage of a job or of local work; a name that a newer node has is shown as it is. */
export function useStageWord(): (stage: string) => string {
  const { t } = useTranslation();
  return (stage) => (Object.hasOwn(en.stages, stage) ? t(`stages.${stage as keyof typeof en.stages}`) : stage);
}
