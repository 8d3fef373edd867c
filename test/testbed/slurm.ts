// A real Slurm of one cluster with one node, for the current user: munge, slurmctld and slurmd with everything in a
// folder of their own; with accounting also slurmdbd and MariaDB. No systemd, nothing of the system's own.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { endProcessesWith } from './endProcesses';
import { eventually } from './eventually';
import { freePort } from './freePort';
import { startGuarded, type GuardedProcess } from './guardedProcess';
import { findProgram } from './systemPackages.mjs';

const execute = promisify(execFile);
const startDeadlineMs = 20_000;

export interface SlurmOptions {
  accounting?: boolean;
  /** Further lines of slurm.conf; they win. */
  config?: string[];
}

type Part = 'munged' | 'mariadbd' | 'slurmdbd' | 'slurmctld' | 'slurmd';

export async function startSlurm(options: SlurmOptions = {}): Promise<Slurm> {
  const slurm = new Slurm(await mkdtemp(path.join(tmpdir(), 'remote-operations-slurm-')), options);
  try {
    await slurm.start();
    return slurm;
  } catch (error) {
    await slurm.stop();
    throw error;
  }
}

/** Its node has 8 cores, 2 GPUs without hardware behind them, and 4000 MB to give away. */
export class Slurm {
  readonly #processes = new Map<Part, GuardedProcess>();
  readonly #user = userInfo().username;

  constructor(
    /** Holds all of its files; removed at the end. */
    readonly folder: string,
    private readonly options: SlurmOptions,
  ) {}

  /** What a session needs to reach this Slurm. */
  get env(): { SLURM_CONF: string } {
    return { SLURM_CONF: this.file('slurm.conf') };
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Runs one of Slurm's commands. */
  async run(command: string, ...args: string[]): Promise<string> {
    const { stdout } = await execute(command, args, { env: { ...process.env, ...this.env } });
    return stdout.trim();
  }

  async start(): Promise<void> {
    await this.#writeFiles();
    this.#startPart('munged', [
      '--foreground',
      `--socket=${this.file('munge/socket')}`,
      `--key-file=${this.file('munge.key')}`,
      `--pid-file=${this.file('munge/pid')}`,
      `--log-file=${this.file('munge/log')}`,
      `--seed-file=${this.file('munge/seed')}`,
    ]);
    await this.#processes.get('munged')?.waitForOutput(/Created socket/, startDeadlineMs);
    if (this.options.accounting) {
      await this.#startAccounting();
    }
    this.startNode();
    await this.startController();
    await this.untilIdle();
  }

  async startController(): Promise<void> {
    this.#startPart('slurmctld', ['-D', '-i', '-f', this.file('slurm.conf')]);
    await eventually('the controller to answer', () =>
      this.run('scontrol', 'ping').then(
        (answer) => answer.includes('is UP'),
        () => false,
      ),
    );
  }

  /** As a machine that fails does: it answers nothing any more. Its state is on its disk. */
  async endController(): Promise<void> {
    await this.#end('slurmctld');
  }

  /** It takes connections and requests, and answers none of them until it goes on. */
  suspendController(): void {
    process.kill(this.#pid('slurmctld'), 'SIGSTOP');
  }

  resumeController(): void {
    process.kill(this.#pid('slurmctld'), 'SIGCONT');
  }

  startNode(): void {
    this.#startPart('slurmd', ['-D', '-f', this.file('slurm.conf'), '-N', 'node1']);
  }

  /** The node is gone, and all that ran on it. */
  async endNode(): Promise<void> {
    await this.#end('slurmd');
    await this.endJobs();
  }

  async endAccounting(): Promise<void> {
    await this.#end('slurmdbd');
  }

  async startAccounting(): Promise<void> {
    this.#startPart('slurmdbd', ['-D']);
    // It says that it has started before it listens.
    await eventually('accounting to answer', () =>
      this.run('sacctmgr', '-n', 'show', 'cluster').then(
        () => true,
        () => false,
      ),
    );
  }

  async untilIdle(): Promise<void> {
    await eventually('an idle node', async () => (await this.run('sinfo', '-h', '-o', '%T')) === 'idle');
  }

  /** Ends what runs in jobs, and what watches over it on the node. */
  async endJobs(): Promise<void> {
    await endProcessesWith(
      `SLURM_CONF=${this.file('slurm.conf')}`,
      [...this.#processes.values()].map(({ pid }) => pid),
    );
  }

  async stop(): Promise<void> {
    for (const part of [...this.#processes.keys()].reverse()) {
      await this.#end(part);
    }
    await this.endJobs();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #startAccounting(): Promise<void> {
    // At its start it removes the temporary tables in there, be they another one's.
    const ownFiles = `--tmpdir=${this.file('db-tmp')}`;
    await mkdir(this.file('db-tmp'));
    // Without its own tables it has no stored procedures, which Slurm's limits are made with.
    await execute('mariadb-install-db', [
      '--no-defaults',
      `--user=${this.#user}`,
      `--datadir=${this.file('db')}`,
      ownFiles,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ]);
    this.#startPart('mariadbd', [
      '--no-defaults',
      `--user=${this.#user}`,
      `--datadir=${this.file('db')}`,
      ownFiles,
      `--socket=${this.file('db.sock')}`,
      `--port=${await this.#databasePort()}`,
      '--bind-address=127.0.0.1',
      `--pid-file=${this.file('db.pid')}`,
      '--skip-grant-tables',
      '--skip-log-bin',
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=16M',
      '--innodb-flush-log-at-trx-commit=0',
    ]);
    await this.#processes.get('mariadbd')?.waitForOutput(/ready for connections/, startDeadlineMs);
    await this.startAccounting();
    // It answers before its tables are whole.
    await eventually('the cluster to be known to accounting', async () => {
      await this.run('sacctmgr', '-i', 'add', 'cluster', 'testbed').catch(() => undefined);
      const known = await this.run('sacctmgr', '-nP', 'show', 'cluster', 'format=cluster').catch(() => '');
      return known.split('\n').includes('testbed');
    });
    if (this.#user !== 'root') {
      await this.run('sacctmgr', '-i', 'add', 'user', this.#user, 'account=root');
    }
  }

  async #databasePort(): Promise<string> {
    const config = await readFile(this.file('slurmdbd.conf'), 'utf8');
    return /^StoragePort=(\d+)$/m.exec(config)?.[1] ?? '';
  }

  async #writeFiles(): Promise<void> {
    // Munge wants to be reached by everybody.
    await chmod(this.folder, 0o755);
    for (const name of ['munge', 'state', 'spool', 'db']) {
      await mkdir(this.file(name), { mode: 0o755 });
    }
    await writeFile(this.file('munge.key'), randomBytes(128), { mode: 0o400 });
    const [controllerPort, nodePort, accountingPort, databasePort] = await Promise.all(
      Array.from({ length: 4 }, freePort),
    );
    const munge = [`AuthType=auth/munge`, `AuthInfo=socket=${this.file('munge/socket')}`];
    const here = hostname();
    await writeFile(
      this.file('slurmdbd.conf'),
      [
        ...munge,
        `DbdHost=${here}`,
        'DbdAddr=127.0.0.1',
        `DbdPort=${accountingPort}`,
        `SlurmUser=${this.#user}`,
        `PidFile=${this.file('slurmdbd.pid')}`,
        'StorageType=accounting_storage/mysql',
        'StorageHost=127.0.0.1',
        `StoragePort=${databasePort}`,
        `StorageUser=${this.#user}`,
        'StorageLoc=slurm',
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    // GPUs need files; what is in them does not matter.
    await Promise.all(['gpu0', 'gpu1'].map((name) => writeFile(this.file(name), '')));
    await writeFile(this.file('gres.conf'), `NodeName=node1 Name=gpu File=${this.file('gpu[0-1]')}\n`);
    await writeFile(
      this.file('slurm.conf'),
      [
        'ClusterName=testbed',
        `SlurmctldHost=${here}(127.0.0.1)`,
        `SlurmctldPort=${controllerPort}`,
        `SlurmdPort=${nodePort}`,
        ...munge,
        'CredType=cred/munge',
        `SlurmUser=${this.#user}`,
        `SlurmdUser=${this.#user}`,
        `StateSaveLocation=${this.file('state')}`,
        `SlurmdSpoolDir=${this.file('spool')}`,
        `SlurmctldPidFile=${this.file('slurmctld.pid')}`,
        `SlurmdPidFile=${this.file('slurmd.pid')}`,
        'MailProg=/bin/true',
        'ProctrackType=proctrack/linuxproc',
        'TaskPlugin=task/none',
        'MpiDefault=none',
        'JobAcctGatherType=jobacct_gather/linux',
        'JobCompType=jobcomp/none',
        'SelectType=select/cons_tres',
        'SelectTypeParameters=CR_Core_Memory',
        'DefMemPerCPU=10',
        'GresTypes=gpu',
        // More cores than this machine may have.
        'SlurmdParameters=config_overrides',
        'ReturnToService=2',
        'MinJobAge=300',
        'EnforcePartLimits=ALL',
        // So that a controller that is gone is noticed within seconds.
        'MessageTimeout=3',
        'KillWait=2',
        'SlurmdTimeout=10',
        'PriorityType=priority/basic',
        'SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1',
        'PreemptType=preempt/partition_prio',
        'PreemptMode=REQUEUE',
        ...(this.options.accounting
          ? [
              'AccountingStorageType=accounting_storage/slurmdbd',
              'AccountingStorageHost=127.0.0.1',
              `AccountingStoragePort=${accountingPort}`,
              `AccountingStoragePass=${this.file('munge/socket')}`,
              'AccountingStorageEnforce=associations',
            ]
          : ['AccountingStorageType=accounting_storage/none']),
        `NodeName=node1 NodeHostname=${here} NodeAddr=127.0.0.1 CPUs=8 RealMemory=4000 Gres=gpu:2 State=UNKNOWN`,
        'PartitionName=main Nodes=node1 Default=YES MaxTime=2:00:00 State=UP PriorityTier=1',
        'PartitionName=urgent Nodes=node1 MaxTime=1:00:00 State=UP PriorityTier=9',
        ...(this.options.config ?? []),
        '',
      ].join('\n'),
    );
  }

  #startPart(part: Part, args: string[]): void {
    const program = findProgram(part);
    if (program === undefined) {
      throw new Error(`${part} is not installed.`);
    }
    this.#processes.set(part, startGuarded(program, args, { env: { ...process.env, ...this.env } }));
  }

  async #end(part: Part): Promise<void> {
    await this.#processes.get(part)?.stop(3000);
    this.#processes.delete(part);
  }

  #pid(part: Part): number {
    const found = this.#processes.get(part);
    if (!found) {
      throw new Error(`${part} is not running.`);
    }
    return found.pid;
  }
}
