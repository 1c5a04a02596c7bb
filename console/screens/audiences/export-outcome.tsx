import type { ResponseOf } from '@causeway/core/api';
import { wireRequest } from '@causeway/sdk';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/client.ts';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';

type Operation = ResponseOf<'operation.show'>;

const pollMs = 500;

/**
 * How far a file that is being written is, and what came of it.
 * @param props.audience of which a file for this computer is made; files of other things are written on the node's machine alone.
 */
export function ExportOutcome({ audience, operation }: { readonly audience?: string; readonly operation: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['operations', operation],
    queryFn: ({ signal }) => client.operation.show({ operation }, { signal }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.status === 'running' ? pollMs : false),
  });
  if (error !== null) return <ProblemNote error={error} />;
  if (data?.error !== undefined) return <ProblemNote error={data.error} />;
  if (data?.status !== 'finished')
    return <Progress percent={Math.round((data?.progress ?? 0) * 100)} aria-label={t('exporting.write')} />;
  return <Written {...(audience === undefined ? {} : { audience })} result={data.result} />;
}

/** What was written, and who is not in it and why. */
function Written({ audience, result }: { readonly audience?: string; readonly result: Operation['result'] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (result?.kind !== 'export' && result?.kind !== 'activation') return null;
  const left = [
    ...(result.optedOut > 0 ? [t('exporting.optedOut', { number: figures.count(result.optedOut) })] : []),
    ...(result.kind === 'activation' && result.withoutId > 0
      ? [t('exporting.withoutId', { number: figures.count(result.withoutId) })]
      : []),
    ...(result.kind === 'export' && result.escapedCells > 0
      ? [t('exporting.escaped', { number: figures.count(result.escapedCells) })]
      : []),
  ];
  const { download, path } = result;
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      title={t(download === undefined ? writtenWord(result) : 'exporting.ready', {
        number: figures.count(result.rows),
        size: figures.size(result.bytes),
      })}
      description={
        <>
          {path !== undefined && <span className="mono">{path}</span>}
          {left.map((line) => (
            <p key={line}>{line}</p>
          ))}
          {download !== undefined && audience !== undefined && <Save audience={audience} download={download} />}
        </>
      }
    />
  );
}

/** By the browser's own means, so that a file of any size goes straight to the disk. */
function Save(props: {
  readonly audience: string;
  readonly download: { readonly export: string; readonly expiresAt: string };
}) {
  const { audience, download } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const { target } = wireRequest('audience.download', { audience, export: download.export });
  return (
    <>
      <p className="fine">{t('exporting.keptUntil', { time: figures.time(download.expiresAt) })}</p>
      <Button type="primary" href={target} download>
        {t('exporting.save')}
      </Button>
    </>
  );
}

function writtenWord(result: NonNullable<Operation['result']>) {
  if (result.kind !== 'activation') return 'exporting.written';
  return result.destination === 'pair'
    ? 'exporting.idsWritten'
    : result.destination === 'opja'
      ? 'exporting.campaignWritten'
      : 'exporting.written';
}
