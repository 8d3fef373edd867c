/** What an operation is called whose user gave it no name. Pure. */

/** What starts something else, which then names it. */
const starters = new Set([
  'accelerate', 'bash', 'deepspeed', 'env', 'exec', 'mpirun', 'nice', 'node', 'nohup', 'npx', 'perl', 'poetry',
  'python', 'python2', 'python3', 'Rscript', 'ruby', 'run', 'sbatch', 'sh', 'srun', 'sudo', 'time', 'torchrun', 'uv',
  'launch',
]); // prettier-ignore
const longest = 60;

/** The program or script that the command starts, without its folder; empty where none can be told. */
export function defaultName(command: string): string {
  const line =
    command
      .split('\n')
      .find((each) => each.trim() !== '' && !/^\s*(#|set\s|export\s|cd\s[^&;]*$|source\s)/u.test(each)) ?? '';
  const last = line.replace(/^\s*cd\s+[^&;]*(&&|;)/u, '');
  const words = last.trim().split(/\s+/u);
  let found = '';
  for (const word of words) {
    if (/^[A-Za-z_]\w*=/u.test(word) || word.startsWith('-')) {
      continue;
    }
    found = word.replace(/^['"]|['"]$/gu, '').replace(/^.*\/(?=[^/])/u, '');
    if (!starters.has(found)) {
      break;
    }
  }
  return found.replace(/[;&|]+$/u, '').slice(0, longest);
}
