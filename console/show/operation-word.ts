import { useTranslation } from 'react-i18next';
import { en } from '../words/en/index.ts';

/** The word for an agreement's operation; a name that a newer node has is shown as it is. */
export function useOperationWord(): (operation: string) => string {
  const { t } = useTranslation();
  return (operation) =>
    Object.hasOwn(en.operation, operation) ? t(`operation.${operation as keyof typeof en.operation}`) : operation;
}
