import { useAppearance } from '../app/theme.ts';
import type { Look } from './drawing.ts';
import { looks } from './look.ts';

/** The look of charts on this page as it is now. */
export function useLook(): Look {
  return looks[useAppearance()];
}
