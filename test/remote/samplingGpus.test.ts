import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ProcessLauncher } from '../../src/launchers/process/processLauncher';
import { healthOf } from '../../src/operations/hostRates';
import type { GpuHealth, HostHealth } from '../../src/operations/hostHealth';
import type { Operation, ProcessIdentity } from '../../src/operations/operation';
import type { Resources } from '../../src/operations/operationView';
import { eventually } from '../testbed/eventually';
import { goldenNames, installGoldenSmi, Sampler } from './samplingSupport';
import { hostName, ScriptHost, shells, underEveryShell } from './scriptsSupport';

type Told = Pick<HostHealth, 'gpus' | 'gpuProblem'>;
type Used = Pick<Resources, 'gpuPercent' | 'gpuMemoryMb'>;

const h100 = (index: number, percent: number, temperatureC: number, powerW: number): GpuHealth => ({
  index,
  uuid: `GPU-5a2e100${index}-7c11-4f0e-9b6d-3d1f00a8c00${index}`,
  name: 'NVIDIA H100 80GB HBM3',
  percent,
  memoryUsedMb: 72790,
  memoryTotalMb: 81559,
  temperatureC,
  powerW,
  powerLimitW: 700,
});

/** What each of `goldenSmi` has to be understood as: of the host, and of the operation that uses its GPUs. */
const expected: Readonly<Record<string, { host: Told; operation: Used }>> = {
  'one-gpu-440.64': {
    host: {
      gpus: [
        {
          index: 0,
          uuid: 'GPU-22b2c6ac-2d49-4863-197c-9c469071178a',
          name: 'GeForce RTX 2080',
          percent: 86,
          memoryUsedMb: 1893,
          memoryTotalMb: 7979,
          temperatureC: 45,
          powerW: 176.98,
          powerLimitW: 200,
        },
      ],
    },
    operation: { gpuPercent: 86, gpuMemoryMb: 1851 },
  },
  // It has 2 and 3 for itself, and shares 1.
  'eight-gpus-550.90.07': {
    host: {
      gpus: [
        h100(0, 0, 39, 145.21),
        h100(1, 4, 32, 140.07),
        h100(2, 97, 31, 139.88),
        h100(3, 100, 38, 143.52),
        h100(4, 0, 38, 144.9),
        h100(5, 0, 32, 140.31),
        h100(6, 0, 33, 141.66),
        h100(7, 0, 39, 146.02),
      ],
    },
    operation: { gpuPercent: 98.5, gpuMemoryMb: 181_560 },
  },
  'mig-535.86.10': {
    host: {
      gpus: [
        {
          index: 0,
          uuid: 'GPU-7fdaf0a5-179b-f636-d15d-daf243e3ff16',
          name: 'NVIDIA A800-SXM4-80GB',
          memoryUsedMb: 36537,
          memoryTotalMb: 81920,
          temperatureC: 33,
          powerW: 87,
          powerLimitW: 400,
          isDivided: true,
        },
      ],
    },
    operation: { gpuMemoryMb: 36482 },
  },
  'unified-memory-580.95.05': {
    host: {
      gpus: [
        {
          index: 0,
          uuid: 'GPU-2dee1e25-b3b5-007e-2b55-79f2d0f2ebe5',
          name: 'NVIDIA GB10',
          percent: 96,
          temperatureC: 35,
          powerW: 11.17,
        },
      ],
    },
    operation: { gpuPercent: 96, gpuMemoryMb: 38554 },
  },
  'no-gpu-550': { host: { gpus: [], gpuProblem: 'No devices were found' }, operation: {} },
  'driver-error-570.133': {
    host: {
      gpus: [],
      gpuProblem: 'Failed to initialize NVML: Driver/library version mismatch NVML library version: 570.133',
    },
    operation: {},
  },
  'lost-gpu': {
    host: {
      gpus: [],
      gpuProblem:
        'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost. Reboot the system to recover this GPU',
    },
    operation: {},
  },
};

const toldOf = ({ gpus, gpuProblem }: HostHealth): Told => ({
  gpus,
  ...(gpuProblem !== undefined && { gpuProblem: gpuProblem.replaceAll(/ +/g, ' ') }),
});

const usedOf = ({ gpuPercent, gpuMemoryMb }: Resources): Used => ({
  ...(gpuPercent !== undefined && { gpuPercent }),
  ...(gpuMemoryMb !== undefined && { gpuMemoryMb }),
});

underEveryShell('GPUs', (shell) => {
  let host: ScriptHost;
  let operation: Operation & { identity: ProcessIdentity };
  let sampler: Sampler;
  before(async () => {
    host = new ScriptHost(shell);
    operation = await host.start('sleep 600 & exec sleep 600');
    sampler = new Sampler(host, [operation]);
  });
  after(() => host.dispose());

  for (const name of goldenNames) {
    it(`are told as nvidia-smi tells them: ${name}`, async () => {
      installGoldenSmi(host, name, operation.identity.pid);
      forgetGpus(host);
      const reading = await eventually('an answer', async () => {
        const [told] = await host.launcher.sample(host.machine, hostName, 1);
        return told?.gpus?.state !== 'waiting' && told;
      });
      assert.deepEqual(toldOf(healthOf(reading, [], '')), expected[name]?.host);
      const resources = await eventually('what it uses', async () => {
        await sampler.look();
        return sampler.resources(operation);
      });
      assert.deepEqual(usedOf(resources), expected[name]?.operation);
    });
  }

  it('are not said to hang because nobody has looked for long', async () => {
    installGoldenSmi(host, 'one-gpu-440.64', operation.identity.pid);
    forgetGpus(host);
    const told = async () => toldOf(healthOf(await sampler.reading(), [], ''));
    const areTold = () => eventually('them', async () => (await told()).gpus.length === 1);
    await areTold();
    ageGpus(host, 40);
    assert.deepEqual(await told(), { gpus: [] });
    await areTold();
  });
});

/** What is kept of them. */
const gpuFiles = (host: ScriptHost): string[] => {
  const folder = path.join(host.home, '.remote-ops');
  const names = readdirSync(folder).filter((each) => each.startsWith('.gpus-'));
  return names.map((name) => path.join(folder, name));
};

/** They are asked every few seconds only. */
const forgetGpus = (host: ScriptHost): void => gpuFiles(host).forEach((file) => rmSync(file));

/** As if it had been told and asked so long ago. */
function ageGpus(host: ScriptHost, seconds: number): void {
  for (const file of gpuFiles(host)) {
    const older = (_: string, boot: string, uptime: string) =>
      `${boot} ${Math.max(0, Number(uptime) - seconds)}`;
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^(\S+) ([\d.]+)/, older));
  }
}

describe('a driver that hangs', () => {
  let host: ScriptHost;
  let operation: Operation & { identity: ProcessIdentity };
  before(async () => {
    host = new ScriptHost(shells[0] as (typeof shells)[number]);
    operation = await host.start('exec sleep 600');
  });
  after(() => host.dispose());

  const begun = () => {
    const file = path.join(host.home, 'begun');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  };
  const hang = (timeout: string) => {
    host.install('timeout', `#!/bin/sh\n${timeout}\nshift\nexec "$@"\n`);
    host.install('nvidia-smi', `#!/bin/sh\necho begun >>'${host.home}/begun'\nexec sleep 600\n`);
  };
  const told = ({ readings: [now] }: Sampler) => now && toldOf(healthOf(now, [], ''));

  it('is said to hang once its time is up', async () => {
    hang('[ "$2" = nvidia-smi ] && exit 124');
    const sampler = new Sampler(host, [operation]);
    await eventually('what it says', async () => {
      await sampler.look();
      return told(sampler)?.gpuProblem === 'nvidia-smi does not answer';
    });
  });

  it('delays and spoils no look, and hangs one process of ours, whichever connection asks', async () => {
    // As one that no signal ends.
    hang(':');
    forgetGpus(host);
    for (let connection = 0; connection < 3; connection++) {
      const sampler = new Sampler(host, [operation], new ProcessLauncher(() => `nonce-${Math.random()}`));
      for (let look = 0; look < 3; look++) {
        await sampler.reading();
        assert.equal(sampler.evidence.get(operation.id)?.kind, 'alive');
        assert.deepEqual(told(sampler), { gpus: [] });
      }
      await eventually('nvidia-smi', () => begun() > 0);
    }
    assert.equal(begun(), 1);
  });

  it('is said to hang where what asked it never ends', async () => {
    ageGpus(host, 20);
    const sampler = new Sampler(host, [operation]);
    await sampler.reading();
    assert.equal(told(sampler)?.gpuProblem, 'nvidia-smi does not answer');
    assert.equal(begun(), 1);
  });

  it('delays a sample by no more than two seconds, and by nothing once it is known to take long', async () => {
    hang(':');
    forgetGpus(host);
    const before = begun();
    const slept = path.join(host.home, 'slept');
    host.install('sleep', `#!/bin/sh\necho "$1" >>'${slept}'\nexec /bin/sleep "$@"\n`);
    const waits = async () => {
      writeFileSync(slept, '');
      const [last] = (await host.launcher.sample(host.machine, hostName, 2)).slice(1);
      assert.deepEqual(last && toldOf(healthOf(last, [], '')), { gpus: [] });
      return readFileSync(slept, 'utf8')
        .split('\n')
        .filter((seconds) => seconds === '0.25').length;
    };
    assert.ok((await waits()) <= 8);
    assert.equal(await waits(), 0);
    assert.equal(begun() - before, 1);
  });
});
