import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readLogProgress } from '../../../../src/operations/logProgress/logProgress';
import { goldenLog, goldenLogs, goldenPart, inShort } from './goldenLogs';

const told = (log: string): string => inShort(readLogProgress(log));

/** What a log tells in the end, and once some of its words were written. */
const expected: Record<string, { end: string; on?: [until: string, text: string][] }> = {
  'apt-2.6.1-terminal.txt': {
    end: '100 %, "Setting up jq"',
    on: [
      ['\r22% [2 libjq1 0 B/136 kB 0%]\r', '22 %, "Fetching libjq1"'],
      ['Unpacking pv (1.6.20-1) ...\r\n', '37.5 %, "Unpacking pv"'],
      ['Setting up libjq1:amd64 (1.6-2.1+deb12u3) ...\r\n', '62.5 %, "Setting up libjq1:amd64"'],
    ],
  },
  'apt-2.6.1.txt': {
    end: 'nothing',
    on: [
      ['libpopt0 amd64 1.19+dfsg-1 [43.3 kB]\n', '"Fetching libpopt0"'],
      ['Unpacking rsync (3.5.0+ds1-0+deb12u1) ...\r\n', '50 %, "Unpacking rsync"'],
    ],
  },
  'curl-7.88.1-bar.txt': { end: '100 %', on: [[' 52.4%\r', '52.4 %']] },
  'curl-7.88.1-meter.txt': { end: '100 %, 5 of 5 MB', on: [['0:00:02 1529k\r', '32.8 %, 1.64 of 5 MB']] },
  'curl-7.88.1-unknown-length.txt': { end: '5 of ? MB' },
  'git-2.39.5-clone.txt': {
    end: '100 %, 24.02 of ? MB, "Receiving objects"',
    on: [['remote: Compressing objects:  50% (211/422)        \r', '50 %, "remote: Compressing objects"']],
  },
  'keras-3.15.1.txt': {
    end: '100 %, epoch 3 of 3, accuracy 0.87, loss 0.399, val_accuracy 0.904, val_loss 0.343',
    on: [
      ['Epoch 2/3\n', '33.3 %, epoch 2 of 3, accuracy 0.508, loss 0.725, val_accuracy 0.667, val_loss 0.613'],
    ],
  },
  'lightning-2.1.4.txt': { end: 'epoch 2, train_loss 1.5, val_loss 0.948, "10/10"' },
  'pip-26.3.txt': {
    end: '"Successfully downloaded jaxlib ml_dtypes numpy scipy"',
    on: [
      [
        'MB/s  0:00:00\n',
        '100 %, 85.4 of 85.4 MB, "Downloading jaxlib-0.10.2-cp311-cp311-manylinux_2_27_x86_64.whl (85.4 MB)"',
      ],
    ],
  },
  'pip-26.3-raw.txt': {
    end: '"Successfully downloaded jaxlib ml_dtypes numpy scipy"',
    on: [
      [
        'Progress 262144 of 85448560\n',
        '0.3 %, 0.26 of 85.45 MB, "Downloading jaxlib-0.10.2-cp311-cp311-manylinux_2_27_x86_64.whl (85.4 MB)"',
      ],
    ],
  },
  'pip-26.3-terminal.txt': { end: '"Successfully downloaded jaxlib numpy ml_dtypes scipy"' },
  'rsync-3.5.0-progress.txt': {
    end: '100 %, 6 of ? MB',
    on: [['36%    3.91MB/s    0:00:01  \r', '36 %, 4.36 of ? MB']],
  },
  'rsync-3.5.0-progress2.txt': { end: '100 %, 3.6 of ? MB' },
  'rsync-3.5.0-progress2-human.txt': {
    end: '100 %, 18 of ? MB',
    on: [['17.14M  95%    3.90MB/s    0:00:00  \r', '95 %, 17.14 of ? MB']],
  },
  'tqdm-4.70.1-bytes.txt': {
    end: '100 %, 5400 of 5400 MB, "model.safetensors"',
    on: [['2.73G/5.40G [00:02<00:02, 1.21GB/s]\r', '50.6 %, 2730 of 5400 MB, "model.safetensors"']],
  },
  'tqdm-4.70.1-epochs.txt': {
    end: '100 %, epoch 3 of 3, loss 0.63',
    on: [['\rEpoch 2/3:   0%|          | 0/30 [00:00<?, ?it/s]\r', '33.3 %, epoch 2 of 3, loss 1.27']],
  },
  'tqdm-4.70.1-nested.txt': {
    end: '100 %, "Epochs"',
    on: [['67%|██████▋   | 2/3 [00:01<00:00,  1.55it/s]\n', '66.7 %, "Epochs"']],
  },
  'tqdm-4.70.1-plain.txt': { end: '100 %, "Scoring"' },
  'tqdm-4.70.1-without-total.txt': { end: 'nothing' },
  'transformers-4.41.2.txt': {
    end: '100 %, epoch 3, eval_loss 1.01',
    on: [["'epoch': 0.25}\n", '(epoch 1, loss 1.04, grad_norm 0.618, learning_rate 0.0000458)']],
  },
  'wget-1.21.3-bar.txt': { end: '100 %, 5 of 5 MB' },
  'wget-1.21.3-dots.txt': {
    end: '100 %, 5 of 5 MB',
    on: [
      ['Length: 5000000 (4.8M)\n', 'nothing'],
      [
        ' 1000K .......... .......... .......... .......... .......... 21% 1.12M 2s\n',
        '20.5 %, 1.02 of 5 MB',
      ],
    ],
  },
  'wget-1.21.3-giga.txt': { end: '100 %, 5 of 5 MB' },
  'wget-1.21.3-terminal.txt': { end: '100 %, 5 of 5 MB' },
  'wget-1.21.3-unknown-length.txt': { end: '5 of ? MB' },
  'by-hand-keras-2.txt': {
    end: '23 %, epoch 3 of 10, loss 0.636, accuracy 0.465',
    on: [
      [
        'val_accuracy: 0.4000\n',
        '10 %, epoch 1 of 10, loss 1.05, accuracy 0.4, val_loss 1.9, val_accuracy 0.4',
      ],
    ],
  },
  'by-hand-nanogpt.txt': { end: '(loss 1.98)' },
  'by-hand-ninja.txt': { end: '34.2 %, "Building CXX object src/CMakeFiles/core.dir/tensor.cc.o"' },
  'by-hand-ollama.txt': {
    end: 'nothing',
    on: [['45 MB/s    24s\x1b[K\x1b[?25h', '12 %, 242 of 2000 MB, "pulling dde5aa3fc5ff"']],
  },
  'by-hand-plain-steps.txt': { end: '32.5 %' },
  'by-hand-pytorch-loop.txt': {
    end: '30 %, epoch 2 of 5, Loss 0.0838',
    on: [['Loss: 0.0931\n', '20 %, epoch 1 of 5, Loss 0.0931']],
  },
  'by-hand-pytorch-tutorial.txt': { end: '0 %, epoch 1 of 24, Loss 0.534, Acc 0.77' },
  'by-hand-transformers-5.txt': {
    end: '28.3 %, epoch 1, loss 1.39, grad_norm 2.54, learning_rate 0.0000375',
  },
};

describe('progress in a log that a tool wrote', () => {
  it('is looked for in every log that was recorded', () => {
    assert.deepEqual(Object.keys(expected).sort(), [...goldenLogs].sort());
  });

  for (const [file, { end, on = [] }] of Object.entries(expected)) {
    it(`is told by ${file.replace('.txt', '')}`, () => {
      for (const [until, text] of on) {
        assert.equal(told(goldenPart(file, until)), text, until);
      }
      assert.equal(told(goldenLog(file)), end);
    });
  }
});

describe('progress in a log', () => {
  const bar = (name: string, done: number, total: number, more = '') =>
    `\r${name}${String(Math.floor((done * 100) / total)).padStart(3)}%|███       | ${done}/${total} [00:10<00:20, 3.2it/s${more}]`;

  it('is that of the outer one of nested bars; the inner one lends its measures', () => {
    const inner = `\n${bar('train: ', 9, 10, ', loss=0.5')}\x1b[A`;
    assert.equal(told(`${bar('Epochs: ', 1, 4)}${inner}${inner}`), '25 %, loss 0.5, "Epochs"');
  });

  it('says nothing of the whole where only the inner bar can be seen', () => {
    const inner = `\n${bar('train: ', 9, 10, ', loss=0.5')}\x1b[A`;
    assert.equal(told(inner + inner), '(loss 0.5)');
  });

  it('is not that of a bar that comes again for each epoch', () => {
    const epoch = (done: number) => `${bar('', done, 10)}\r`;
    assert.equal(told(epoch(7)), '70 %');
    assert.equal(told(`${epoch(10)}\n${epoch(7)}`), '"7/10"');
  });

  it('counts a bar as part of the epoch that stands above it', () => {
    assert.equal(told(`Epoch 3/10\n${bar('', 5, 10)}\r`), '25 %, epoch 3 of 10');
  });

  it('takes an epoch for finished where its own line has measures', () => {
    assert.equal(told('Epoch 3/10\n'), '20 %, epoch 3 of 10');
    assert.equal(told('Epoch 3/10: loss=0.5\n'), '30 %, epoch 3 of 10, loss 0.5');
  });

  it('takes no measure from a line behind the epochs that tells something else', () => {
    const log = 'Epoch 4/5: loss=0.41\nEpoch 5/5: loss=0.38\ny = 2.27 x + -0.94\nport: 8080\n';
    assert.equal(told(log), '100 %, epoch 5 of 5, loss 0.38');
  });

  it('is over where the log has moved on behind a finished bar', () => {
    const finished = `${bar('Download: ', 10, 10)}\n`;
    assert.equal(told(finished), '100 %, "Download"');
    assert.equal(told(`${finished}Building the model\nLoading weights\nWarming up\n`), 'nothing');
  });

  it('is the state of a line that was complete last', () => {
    assert.equal(told(`${bar('', 4, 10)}\r 50%|██`), '40 %');
    assert.equal(told('Step 3/40\nStep 4/4'), '7.5 %');
    assert.equal(told('\x1b[32mEpoch\x1b[0m 3/10\n'), '20 %, epoch 3 of 10');
  });

  it('is not what merely looks like it', () => {
    for (const line of [
      'CPU 45% memory 12%',
      'GET /index.html 200 45%',
      '[24/11 12:00:01] started',
      '[3/10] once only',
      '2024/11/24 45/100',
      'Epoch 12/10',
      'Epoch 3',
      'Epoch 0/0',
      'Step 9/3',
      'Progress: 145%',
      '250%|██| 5/2 [00:01<00:00]',
      'pulling 123: 45%',
      '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
      '10K rows .......... 45%',
      'pass 1/2, ratio 3/4',
      '(Reading database ... 45%',
      '-1/10 -5%',
      'loss is going down',
    ]) {
      assert.equal(told(`${line}\n`), 'nothing', line);
    }
  });

  it('is within bounds wherever a log is cut, at both ends', () => {
    const logs = goldenLogs.map(goldenLog);
    const cut = fc
      .constantFrom(...logs)
      .chain((log) =>
        fc
          .tuple(fc.nat(log.length), fc.nat(2_048))
          .map(([end, length]) => log.slice(Math.max(0, end - length), end)),
      );
    fc.assert(fc.property(cut, isSound), { numRuns: 2_000 });
  });

  it('is within bounds in logs mixed of pieces of any, and of noise', () => {
    const lines = goldenLogs.flatMap((file) =>
      goldenLog(file)
        .split(/(?<=[\n\r])/)
        .slice(-20),
    );
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...lines) },
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\x1b[A', '\x1b[999999999A', '\x1b[', '\r', '\n', '\b', '\x1b]0;', '9'.repeat(400)),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
        isSound,
      ),
      {
        numRuns: 300,
      },
    );
  });

  it('takes time in proportion to the log, whatever is repeated in it', () => {
    const hostile = [
      'a',
      ' ',
      '1',
      '=',
      'a=',
      "'a': ",
      '[',
      '%|',
      '| ',
      '.',
      '#',
      '━',
      'Epoch ',
      "{'a': ",
      '\x1b[A',
      '\b',
    ];
    for (const piece of hostile) {
      isSound(piece.repeat(1_000_000 / piece.length));
    }
  });
});

function isSound(log: string): void {
  const { progress } = readLogProgress(log) ?? {};
  if (!progress) {
    return;
  }
  const { progress: fraction, epoch = 0, totalEpochs = epoch, sizeDoneBytes = 0, message = '' } = progress;
  const { sizeTotalBytes = sizeDoneBytes, metrics = {} } = progress;
  assert.ok(fraction === undefined || (fraction >= 0 && fraction <= 1), String(fraction));
  assert.ok(epoch >= 0 && epoch <= totalEpochs, `${epoch} of ${totalEpochs}`);
  assert.ok(sizeDoneBytes >= 0 && sizeDoneBytes <= sizeTotalBytes, `${sizeDoneBytes} of ${sizeTotalBytes}`);
  assert.ok(Object.values(metrics).every(Number.isFinite) && Object.keys(metrics).length <= 12);
  assert.ok(message.length <= 200 && !/\p{Cc}/u.test(message));
}
