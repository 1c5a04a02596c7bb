import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

/** Between the two events of the browser; while a page is only shown as print it is the media query alone. */
let isBetween = false;

/** Whether the page is being put on paper: drawn anew before it is, because paper has no scroll and no dark ground. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, isPrinting);
}

function isPrinting(): boolean {
  return isBetween || matchMedia('print').matches;
}

function subscribe(changed: () => void): () => void {
  const media = matchMedia('print');
  const before = () => {
    isBetween = true;
    flushSync(changed);
  };
  const after = () => {
    isBetween = false;
    changed();
  };
  media.addEventListener('change', changed);
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    media.removeEventListener('change', changed);
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
  };
}
