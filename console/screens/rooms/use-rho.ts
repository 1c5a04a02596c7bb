import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';

const millionths = 1e6;

/** What is spent of a privacy budget, in words. */
export function useRho(): {
  /** @param rho in millionths. */
  readonly cost: (rho: number) => string;
  /** Of what has been answered. */
  readonly spent: (rho: number) => string;
  /** As a number alone. */
  readonly text: (rho: number) => string;
} {
  const { t } = useTranslation();
  const figures = useFigures();
  const text = (rho: number) => figures.decimal(rho / millionths, 4);
  return {
    cost: (rho) => (rho === 0 ? t('rooms.free') : t('rooms.cost', { rho: text(rho) })),
    spent: (rho) => (rho === 0 ? t('rooms.free') : t('rooms.spent', { rho: text(rho) })),
    text,
  };
}
