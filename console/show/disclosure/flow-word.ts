import { useTranslation } from 'react-i18next';
import { en } from '../../words/en/index.ts';

/** The short word for what a flow consists of; a code that a newer node has is shown as it is. */
export function useFlowWord(): (code: string) => string {
  const { t } = useTranslation();
  return (code) =>
    Object.hasOwn(en.disclosure.flows, code) ? t(`disclosure.flows.${code as keyof typeof en.disclosure.flows}`) : code;
}
