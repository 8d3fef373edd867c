import assert from 'node:assert/strict';
import { knownService } from '../../../src/operations/knownServices';

const named = (line: string, folder = '', ports: number[] = []) => {
  const found = knownService({ words: line.split(' '), folder, ports });
  return found && `${found.name}${found.isGuess ? '?' : ''}`;
};

describe('known services', () => {
  const commands: [line: string, name: string, folder?: string][] = [
    ['python main.py --listen', 'ComfyUI', '/home/me/ComfyUI'],
    ['/opt/venv/bin/python3.11 -u /srv/ComfyUI/main.py', 'ComfyUI'],
    ['/usr/local/bin/ollama serve', 'Ollama'],
    ['/home/me/.venv/bin/python /home/me/.venv/bin/vllm serve meta/llama', 'vLLM'],
    ['python3 -m vllm.entrypoints.openai.api_server --model x', 'vLLM'],
    ['VLLM::EngineCore', 'vLLM'],
    ['/usr/bin/python3 /home/me/.local/bin/jupyter-lab --no-browser', 'Jupyter'],
    ['python -m jupyter lab', 'Jupyter'],
    ['/usr/bin/python3 /usr/bin/tensorboard --logdir runs', 'TensorBoard'],
    ['python3 -m tensorboard.main --logdir runs', 'TensorBoard'],
    ['/opt/tritonserver/bin/tritonserver --model-repository=/models', 'Triton'],
  ];
  for (const [line, name, folder] of commands) {
    it(`are recognised by their command: ${line}`, () => assert.equal(named(line, folder), name));
  }

  it('are only suggested by a port, and by none that several use', () => {
    assert.equal(named('python server.py', '', [8888]), 'Jupyter?');
    assert.equal(named('python server.py', '', [8000]), undefined);
    assert.equal(named('python server.py', '', [8001]), 'Triton?');
  });

  it('are what their command says, whatever port they use', () => {
    assert.equal(named('tensorboard --port 8888', '', [8888]), 'TensorBoard');
  });

  it('are not what merely names them', () => {
    assert.equal(named('python main.py', '/home/me/other'), undefined);
    assert.equal(named('vim /home/me/ollama'), undefined);
    assert.equal(named('tail -f tensorboard'), undefined);
  });

  it('are recognised by the image of a container, with and without registry and tag', () => {
    const ofImage = (image: string) => knownService({ image })?.name;
    assert.deepEqual(
      [
        'ollama/ollama:0.9',
        'vllm/vllm-openai',
        'nvcr.io/nvidia/tritonserver:24.05-py3',
        'jupyter/scipy-notebook',
      ].map(ofImage),
      ['Ollama', 'vLLM', 'Triton', 'Jupyter'],
    );
    assert.equal(ofImage('localhost:5000/me/comfyui@sha256:00'), 'ComfyUI');
    assert.equal(ofImage('postgres:16'), undefined);
  });
});
