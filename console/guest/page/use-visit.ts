/** The visit as the page knows it: which step is open, and what it shows. */
import type { GuestOffer } from '@causeway/core/applications/guest';
import { useEffect, useMemo, useReducer } from 'react';
import { saveFile } from '../../show/save-file.ts';
import { guestWork, WorkFailed } from '../work/ask-worker.ts';
import type { Answers, Failure, Progress } from '../work/guest-worker.ts';

export type VisitState = {
  readonly offer: GuestOffer | undefined;
  readonly failure: Failure | undefined;
  /** Something is being done, and nothing else can be. */
  readonly isBusy: boolean;
} & (
  | { readonly step: 'invite' | 'file' }
  | { readonly step: 'column'; readonly file: File; readonly read: Answers['read']; readonly column: number }
  | { readonly step: 'consent'; readonly offer: GuestOffer; readonly proposed: Answers['propose'] }
  | { readonly step: 'run'; readonly progress: Progress | undefined }
  | { readonly step: 'result'; readonly result: Answers['run'] }
);

export interface VisitActions {
  readonly choose: (file: File) => void;
  readonly chooseSheet: (file: File, sheet: string) => void;
  readonly pick: (column: number) => void;
  readonly propose: (column: number) => void;
  readonly back: () => void;
  readonly run: () => void;
  readonly saveRows: (name: string) => void;
  readonly saveEvidence: (name: string) => void;
}

type Change = (state: VisitState) => VisitState;

const begin: VisitState = { step: 'invite', offer: undefined, failure: undefined, isBusy: true };

export function useVisit(fragment: string): { readonly state: VisitState } & VisitActions {
  const [state, change] = useReducer((present: VisitState, next: Change) => next(present), begin);
  const work = useMemo(guestWork, []);

  useEffect(() => {
    let isOver = false;
    work.ask({ kind: 'open', fragment }).then(
      (offer) => {
        if (!isOver) change(() => ({ step: 'file', offer, failure: undefined, isBusy: false }));
      },
      (error: unknown) => {
        if (!isOver) change((present) => ({ ...present, isBusy: false, failure: failureOf(error) }));
      },
    );
    return () => {
      isOver = true;
    };
  }, [fragment, work]);

  /** @param failedAt the step that is open again after a failure. */
  const act = async (doing: Change, does: () => Promise<Change>, failedAt: Change) => {
    change((present) => ({ ...doing(present), isBusy: true, failure: undefined }));
    try {
      const done = await does();
      change((present) => ({ ...done(present), isBusy: false }));
    } catch (error) {
      change((present) => ({ ...failedAt(present), isBusy: false, failure: failureOf(error) }));
    }
  };
  const stay: Change = (present) => present;
  const read = async (file: File, sheet?: string): Promise<Change> => {
    const found = await work.ask({ kind: 'read', file, ...(sheet === undefined ? {} : { sheet }) });
    return ({ offer }) => ({ step: 'column', offer, file, read: found, column: 0, failure: undefined, isBusy: false });
  };

  return {
    state,
    choose: (file) =>
      void act(
        stay,
        () => read(file),
        ({ offer, failure }) => ({ step: 'file', offer, failure, isBusy: false }),
      ),
    chooseSheet: (file, sheet) => void act(stay, () => read(file, sheet), stay),
    pick: (column) => change((present) => (present.step === 'column' ? { ...present, column } : present)),
    propose: (column) =>
      void act(
        stay,
        async () => {
          const proposed = await work.ask({ kind: 'propose', column });
          return (present) =>
            present.offer === undefined
              ? present
              : { step: 'consent', offer: present.offer, proposed, failure: undefined, isBusy: false };
        },
        stay,
      ),
    back: () => change(({ offer }) => ({ step: 'file', offer, failure: undefined, isBusy: false })),
    run: () => {
      work.onNote = (progress) => change((present) => (present.step === 'run' ? { ...present, progress } : present));
      void act(
        ({ offer }) => ({ step: 'run', offer, progress: undefined, failure: undefined, isBusy: true }),
        async () => {
          const result = await work.ask({ kind: 'run' });
          return ({ offer }) => ({ step: 'result', offer, result, failure: undefined, isBusy: false });
        },
        // A run that has failed is over: its use may be spent, and only the host can tell.
        ({ offer, failure }) => ({ step: 'invite', offer, failure, isBusy: false }),
      );
    },
    saveRows: (name) => void work.ask({ kind: 'save' }).then((text) => saveFile(name, text, 'text/csv')),
    saveEvidence: (name) => {
      if (state.step === 'result') saveFile(name, JSON.stringify(state.result.evidence), 'application/json');
    },
  };
}

function failureOf(error: unknown): Failure {
  if (error instanceof WorkFailed) return error.failure;
  return { code: 'console', detail: error instanceof Error ? error.message : String(error) };
}
