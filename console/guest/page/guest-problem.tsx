import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { en } from '../../words/en/index.ts';
import type { Failure } from '../work/guest-worker.ts';

type ProblemCode = keyof typeof en.guest.problems;

/** What went wrong: of the file and the link in this page's words, of everything else as the node tells it. */
export function GuestProblem({ failure }: { readonly failure: Failure }) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (!Object.hasOwn(en.guest.problems, failure.code)) return <ProblemNote error={failure} />;
  const place = failure.place === undefined ? '' : figures.count(failure.place);
  return (
    <Alert type="error" showIcon role="alert" title={t(`guest.problems.${failure.code as ProblemCode}`, { place })} />
  );
}
