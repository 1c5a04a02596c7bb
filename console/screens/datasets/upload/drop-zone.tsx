import { InboxOutlined } from '@ant-design/icons';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A place for one file: dropped, or chosen with a button that a keyboard reaches. */
export function DropZone({ take }: { readonly take: (file: File) => void }) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) take(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside does the same by keyboard
    <div
      className={isOver ? 'drop-zone over' : 'drop-zone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <InboxOutlined aria-hidden className="drop-icon" />
      <div>
        <label className="drop-button">
          <input
            ref={input}
            type="file"
            accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.xlsx,.gz,.zip,.zst"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              // The same file may be chosen again, after it was stopped.
              if (input.current !== null) input.current.value = '';
              if (file !== undefined) take(file);
            }}
          />
          {t('upload.choose')}
        </label>{' '}
        {t('upload.orDrop')}
      </div>
      <div className="fine">{t('upload.formats')}</div>
    </div>
  );
}
