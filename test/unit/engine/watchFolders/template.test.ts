import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { readWatchFolders } from '../../../../src/engine/watchFolders/config';
import { expand, quoteBare } from '../../../../src/engine/watchFolders/template';

const place = { caseName: "it's 1", remotePath: "/cases/it's 1" };
const template = { type: 'job', command: 'bash run.sh' } as const;

describe('the template of a watch folder', () => {
  it('gives an operation with the name of the case, in its folder', () => {
    const spec = expand({ hostId: 'lab', template }, place);
    assert.deepEqual(spec, {
      hostId: 'lab',
      type: 'job',
      name: "it's 1",
      cwd: "/cases/it's 1",
      command: 'bash run.sh',
      env: { caseName: "it's 1", remoteDir: "/cases/it's 1" },
    });
  });

  it('fills in names and folders, and leaves commands to the shell', () => {
    const spec = expand(
      {
        hostId: 'lab',
        template: { ...template, name: 'run ${caseName}', cwd: '${remoteDir}/in', command: 'a ${caseName}' },
      },
      place,
    );
    assert.deepEqual(
      [spec.name, spec.cwd, spec.command],
      ["run it's 1", "/cases/it's 1/in", 'a "${caseName}"'],
    );
  });

  it('cannot be of another host, or of other variables', () => {
    const other = { ...template, hostId: 'other', env: { caseName: 'x', A: '${caseName}' } };
    const spec = expand({ hostId: 'lab', template: other }, place);
    assert.deepEqual([spec.hostId, spec.env?.['caseName'], spec.env?.['A']], ['lab', "it's 1", "it's 1"]);
  });

  it('quotes variables that stand outside of quotes', () => {
    const pairs = [
      ['a ${caseName} b', 'a "${caseName}" b'],
      ['a "x ${caseName}"', 'a "x ${caseName}"'],
      [`a 'x ${'${caseName}'}'`, `a 'x ${'${caseName}'}'`],
      [`a 'x'${'${remoteDir}'}`, `a 'x'"${'${remoteDir}'}"`],
      ['a \\${caseName}', 'a \\${caseName}'],
      ['a \\" ${caseName}', 'a \\" "${caseName}"'],
      [`'\\' ${'${caseName}'}`, `'\\' "${'${caseName}'}"`],
      ['${caseName:-x} $caseName', '${caseName:-x} $caseName'],
    ] as const;
    for (const [command, quoted] of pairs) {
      assert.equal(quoteBare(command), quoted);
    }
  });

  it('whatever a case is called, the shell gets it as one word and runs nothing of it', () => {
    const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(name, (caseName) => {
        const spec = expand(
          { hostId: 'lab', template: { ...template, name: 'n', command: 'printf %s ${caseName}' } },
          { caseName, remotePath: '/c' },
        );
        assert.equal(execFileSync('/bin/sh', ['-c', spec.command], { env: spec.env }).toString(), caseName);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the setting remoteOps.watchFolders', () => {
  const entry = { path: '/data/new', hostId: 'lab', remoteDir: '~/cases', template };

  it('takes what is valid, and is quiet after 30 s', () => {
    const { folders, problems } = readWatchFolders([entry]);
    assert.deepEqual(problems, []);
    assert.deepEqual([folders[0]?.path, folders[0]?.quietSeconds], ['/data/new', 30]);
  });

  it('another template is the same folder, another place another', () => {
    const idOf = (change: object) => readWatchFolders([{ ...entry, ...change }]).folders[0]?.id;
    assert.equal(idOf({ template: { type: 'program', command: 'x' } }), idOf({}));
    assert.equal(idOf({ path: '/data/new/' }), idOf({}));
    assert.notEqual(idOf({ path: '/data/other' }), idOf({}));
    assert.notEqual(idOf({ remoteDir: '~/other' }), idOf({}));
    assert.notEqual(idOf({ hostId: 'other' }), idOf({}));
  });

  it('leaves out what is not valid, and says why', () => {
    const wrong: [object, RegExp][] = [
      [{ path: 'relative' }, /^Entry 1 of .* is not used: path: it must be an absolute path$/],
      [{ remoteDir: '/a/../b' }, /remoteDir: "\.\." cannot be used/],
      [{ quietSeconds: 0 }, /quietSeconds/],
      [{ bytesPerSecond: 1 }, /bytesPerSecond/],
      [{ template: { type: 'job' } }, /template: The command is missing|template: An operation needs/],
      [{ template: { ...template, launcher: 'magic' } }, /template: The launcher must be/],
      [{ template: { ...template, nonsense: 1 } }, /template: "nonsense" is not supported/],
      [{ extra: 1 }, /extra/],
    ];
    for (const [change, problem] of wrong) {
      const { folders, problems } = readWatchFolders([{ ...entry, ...change }]);
      assert.deepEqual(folders, []);
      assert.match(problems.join(), problem);
    }
    assert.deepEqual(readWatchFolders('nonsense').folders, []);
    assert.match(readWatchFolders([entry, entry]).problems.join(), /is watched for the same place already/);
  });
});
