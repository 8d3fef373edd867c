import assert from 'node:assert/strict';
import { menuContext } from '../../../src/operations/menuContext';
import type { OperationView } from '../../../src/operations/operationView';
import type { Status } from '../../../src/operations/status';
import { view } from '../windows/scriptedService';

const at = (status: Status, more: Partial<OperationView> = {}) =>
  view('x', { status, shownStatus: status, ...more });
const server = { type: 'server', port: 8080 } as const;

describe('the menu of an operation', () => {
  const offers: [when: string, view: OperationView, offered: string][] = [
    ['waits for its turn', at('queued', server), 'active.killable'],
    ['waits until its host is free', at('queued', { untilFree: true }), 'active.untilfree.killable'],
    ['is being sent', at('submitting', server), 'active'],
    ['waits for its scheduler', at('pending', server), 'active.log.folder.restartable.killable'],
    ['runs', at('running', { ...server, pausable: true }), 'active.log.folder.port.pausable.restartable.killable'],
    ['is paused', at('paused', { pausable: true }), 'active.log.folder.resumable.restartable.killable'],
    ['was started elsewhere', at('running', { adopted: 'unknown' }), 'active.log.folder.killable'],
    ['is being killed', at('stopping', server), 'active.log.folder'],
    ['has ended', at('failed', server), 'ended.log.folder.resubmittable.archivable'],
    ['was started elsewhere and has ended', at('stopped', { adopted: 'unknown' }), 'ended.log.folder.archivable'],
  ]; // prettier-ignore
  for (const [when, each, offered] of offers) {
    it(`offers what can be done while it ${when}`, () => {
      assert.equal(menuContext(each, true), `operation.${offered}`);
    });
  }

  it('offers nothing that needs a host that is not in the settings any more', () => {
    assert.equal(menuContext(at('running', server), false), 'operation.active.archivable');
    assert.equal(menuContext(at('failed'), false), 'operation.ended.archivable');
  });

  it('offers nothing for what was submitted elsewhere', () => {
    assert.equal(menuContext(at('running', { origin: 'found' }), true), 'found');
  });
});
