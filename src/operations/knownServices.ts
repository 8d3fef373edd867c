import { programName } from './commandWords';

interface KnownService {
  name: string;
  /** Of its words: program and arguments, as they were given. */
  command: (words: readonly string[], folder: string) => boolean;
  /** Of the name of a container's image, without its tag. */
  image: RegExp;
  ports: readonly number[];
}

const runs = (words: readonly string[], name: RegExp): boolean =>
  name.test(programName(words)) || name.test(programName(words.slice(0, 1)));

/** Services that are recognised. Their ports are the usual ones, which others use as well. */
const services: readonly KnownService[] = [
  {
    name: 'ComfyUI',
    command: (words, folder) =>
      words.some((word) => /(^|\/)ComfyUI\/main\.py$/i.test(word)) ||
      (programName(words) === 'main.py' && /(^|\/)ComfyUI$/i.test(folder)) ||
      runs(words, /^comfy(ui)?$/i),
    image: /(^|\/)[\w.-]*comfyui[\w.-]*$/i,
    ports: [8188],
  },
  {
    name: 'Ollama',
    command: (words) => runs(words, /^ollama$/),
    image: /(^|\/)ollama$/,
    ports: [11434],
  },
  {
    name: 'vLLM',
    command: (words) => runs(words, /^(vllm|vllm\.entrypoints\.[\w.]+|VLLM::\w+)$/i),
    image: /(^|\/)vllm[\w.-]*$/,
    ports: [8000],
  },
  {
    name: 'Jupyter',
    command: (words) => runs(words, /^jupyter(lab|hub)?(-(lab|notebook|server|nbclassic|hub))?$/),
    image: /(^|\/)(jupyter|jupyterhub)\/|(^|\/)[\w.-]*-notebook$/,
    ports: [8888],
  },
  {
    name: 'TensorBoard',
    command: (words) => runs(words, /^tensorboard(\.main)?$/),
    image: /(^|\/)tensorboard$/,
    ports: [6006],
  },
  {
    name: 'Triton',
    command: (words) => runs(words, /^tritonserver$/),
    image: /(^|\/)tritonserver$/,
    ports: [8000, 8001, 8002],
  },
];

export interface Recognised {
  name: string;
  /** Only its port speaks for it. */
  isGuess: boolean;
}

/** What a process or a container is. The command or the image decides; a port that one service alone uses suggests. */
export function knownService(found: {
  words?: readonly string[];
  folder?: string;
  image?: string;
  ports?: readonly number[];
}): Recognised | undefined {
  const { words = [], folder = '', ports = [] } = found;
  const image = found.image?.replace(/[:@][^/]*$/, '');
  const sure = services.find((service) =>
    image === undefined ? words.length > 0 && service.command(words, folder) : service.image.test(image),
  );
  if (sure) {
    return { name: sure.name, isGuess: false };
  }
  const [first, second] = services.filter((service) => service.ports.some((port) => ports.includes(port)));
  return first && !second ? { name: first.name, isGuess: true } : undefined;
}
