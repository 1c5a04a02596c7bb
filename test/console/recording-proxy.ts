/** An HTTP proxy that a browser is told to use, and that writes down every byte that goes through it. */
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly url: string;
  /** Head and body, as they were sent. */
  readonly sent: Buffer;
}

export class RecordingProxy {
  readonly url: string;
  readonly exchanges: Exchange[] = [];
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#close = close;
  }

  static async start(): Promise<RecordingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new RecordingProxy((server.address() as AddressInfo).port, () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    server.on('request', (asked, answer) => {
      const { method = '', url = '', headers, rawHeaders } = asked;
      const sent: Buffer[] = [Buffer.from(`${method} ${url}\n${rawHeaders.join('\n')}\n\n`)];
      asked.on('data', (bytes: Buffer) => sent.push(bytes));
      asked.on('end', () => proxy.exchanges.push({ method, url, sent: Buffer.concat(sent) }));
      const onward = forward(url, { method, headers }, (came) => {
        answer.writeHead(came.statusCode ?? 502, came.headers);
        answer.flushHeaders();
        came.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      // A page that is closed lets go of what it was reading, here and behind.
      answer.on('close', () => onward.destroy());
      asked.pipe(onward);
    });
    return proxy;
  }

  close(): Promise<void> {
    return this.#close();
  }
}
