/** One file that is being sent from this page: begun, stopped, and what became of it. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { client } from '../../../app/client.ts';
import { sendFile, type Upload } from './send-file.ts';

export interface Sending {
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  readonly isWaiting: boolean;
  /** Bytes a second, of the last few seconds; undefined at first. */
  readonly rate: number | undefined;
}

/** @param done is called with an upload of which all is there. */
export function useSend(done: (upload: Upload) => void) {
  const queries = useQueryClient();
  const [sending, setSending] = useState<Sending>();
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>(null);
  // Whoever leaves the page has stopped: what was sent stays at the node, and is shown there.
  useEffect(() => () => running.current?.abort(), []);

  const start = async (file: File) => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    const meter = new Meter();
    setError(undefined);
    setSending({ name: file.name, bytes: file.size, sent: 0, isWaiting: false, rate: undefined });
    try {
      const upload = await sendFile({
        uploads: client.upload,
        file,
        signal: stop.signal,
        wait: waitFor,
        onProgress: ({ sent, isWaiting }) =>
          setSending({ name: file.name, bytes: file.size, sent, isWaiting, rate: meter.note(sent) }),
      });
      if (!stop.signal.aborted) done(upload);
    } catch (failed) {
      if (!stop.signal.aborted) setError(failed);
    } finally {
      if (running.current === stop) {
        setSending(undefined);
        void queries.invalidateQueries({ queryKey: ['uploads'] });
      }
    }
  };
  return { sending, error, start: (file: File) => void start(file), stop: () => running.current?.abort() };
}

const meteredMs = 5000;

class Meter {
  #notes: { readonly atMs: number; readonly sent: number }[] = [];

  note(sent: number): number | undefined {
    const atMs = performance.now();
    this.#notes = [...this.#notes.filter((one) => one.atMs > atMs - meteredMs), { atMs, sent }];
    const first = this.#notes[0]!;
    return atMs > first.atMs ? ((sent - first.sent) / (atMs - first.atMs)) * 1000 : undefined;
  }
}

function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
