import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex, type DuplexOptions } from 'node:stream';

/** A program's standard input and output as one stream. Who makes it says when it ends. */
export class ProcessStream extends Duplex {
  constructor(
    protected readonly child: ChildProcessWithoutNullStreams,
    options?: DuplexOptions,
  ) {
    super(options);
    const { stdin, stdout } = child;
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) {
        stdout.pause();
      }
    });
    // It no longer reads: its end says why.
    stdin.on('error', () => undefined);
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.child.stdin.end();
    done();
  }
}
