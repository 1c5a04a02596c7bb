import { useQuery } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../../app/action.ts';
import { client } from '../../../app/client.ts';
import { queries } from '../../../app/queries.ts';
import { useFigures } from '../../../show/figures.ts';
import { ProblemNote } from '../../../show/problem-note.tsx';
import { useDuration } from '../../../show/use-duration.ts';
import { DropZone } from './drop-zone.tsx';
import type { Upload } from './send-file.ts';
import { type Sending, useSend } from './use-send.ts';
import './upload.css';

/** Sends a file from this computer, and shows what an earlier page had begun. @param props.done is called with a file that the node has whole. */
export function UploadPanel({ done }: { readonly done: (upload: Upload) => void }) {
  const { sending, error, start, stop } = useSend(done);
  return (
    <div className="stack">
      {error !== undefined && <ProblemNote error={error} />}
      {sending === undefined ? <DropZone take={start} /> : <OnItsWay sending={sending} stop={stop} />}
      {sending === undefined && <Waiting done={done} />}
    </div>
  );
}

function OnItsWay({ sending, stop }: { readonly sending: Sending; readonly stop: () => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const duration = useDuration();
  const { name, bytes, sent, isWaiting, rate } = sending;
  const left = rate === undefined || rate <= 0 ? undefined : (bytes - sent) / rate;
  return (
    <div className="sending">
      <div className="sending-words">
        <strong>{name}</strong>
        <span className="fine" role="status">
          {isWaiting
            ? t('upload.nodeAway')
            : t('upload.sent', { sent: figures.size(sent), bytes: figures.size(bytes) })}
          {!isWaiting && rate !== undefined && ` · ${t('upload.rate', { rate: figures.size(rate) })}`}
          {!isWaiting && left !== undefined && ` · ${t('upload.left', { time: duration(Math.ceil(left)) })}`}
        </span>
      </div>
      <Progress
        percent={Math.floor((100 * sent) / bytes)}
        status={isWaiting ? 'normal' : 'active'}
        aria-label={t('upload.sending', { name })}
      />
      <div className="toolbar">
        <Button onClick={stop}>{t('upload.stop')}</Button>
        <span className="fine">{t('upload.stopAbout')}</span>
      </div>
    </div>
  );
}

/** What was begun before: whole files wait to be looked at, others for the same file to be chosen again. */
function Waiting({ done }: { readonly done: (upload: Upload) => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { data } = useQuery(queries.uploads);
  const remove = useAction((upload: string) => client.upload.remove({ upload }), { changes: ['uploads'] });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <div>
      <div className="label">{t('upload.waiting')}</div>
      {remove.error !== null && <ProblemNote error={remove.error} />}
      <ul className="rows plain-list panel">
        {data.items.map((upload) => (
          <li key={upload.id}>
            <div className="what">
              <strong>{upload.name}</strong>
              <span className="fine">
                {upload.path === undefined
                  ? t('upload.goOn', { sent: figures.size(upload.received), bytes: figures.size(upload.bytes) })
                  : t('upload.whole', { bytes: figures.size(upload.bytes), time: figures.time(upload.expiresAt) })}
              </span>
            </div>
            <div className="toolbar">
              {upload.path !== undefined && (
                <Button size="small" aria-label={`${t('add.look')}: ${upload.name}`} onClick={() => done(upload)}>
                  {t('add.look')}
                </Button>
              )}
              <Button
                size="small"
                type="text"
                aria-label={`${t('upload.remove')}: ${upload.name}`}
                onClick={() => remove.run(upload.id)}
              >
                {t('upload.remove')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
