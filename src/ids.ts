/** Every id that the manifest and the code share. A test holds them against package.json. */
export const commands = {
  sync: 'remoteOps.sync',
  submit: 'remoteOps.submit',
  submitSample: 'remoteOps.submitSample',
  quickSubmit: 'remoteOps.quickSubmit',
  submitFile: 'remoteOps.submitFile',
  kill: 'remoteOps.kill',
  pause: 'remoteOps.pause',
  resume: 'remoteOps.resume',
  startNow: 'remoteOps.startNow',
  restart: 'remoteOps.restart',
  resubmit: 'remoteOps.resubmit',
  editAndResubmit: 'remoteOps.editAndResubmit',
  duplicate: 'remoteOps.duplicate',
  archive: 'remoteOps.archive',
  openRow: 'remoteOps.openRow',
  showLog: 'remoteOps.showLog',
  followLog: 'remoteOps.followLog',
  searchLog: 'remoteOps.searchLog',
  loadEarlierLog: 'remoteOps.loadEarlierLog',
  endOfLog: 'remoteOps.endOfLog',
  pauseLog: 'remoteOps.pauseLog',
  resumeLog: 'remoteOps.resumeLog',
  openTerminal: 'remoteOps.openTerminal',
  openPort: 'remoteOps.openPort',
  closePort: 'remoteOps.closePort',
  checkPorts: 'remoteOps.checkPorts',
  showDetails: 'remoteOps.showDetails',
  showHistory: 'remoteOps.showHistory',
  searchHistory: 'remoteOps.searchHistory',
  openDashboard: 'remoteOps.openDashboard',
  addHost: 'remoteOps.addHost',
  removeHost: 'remoteOps.removeHost',
  connect: 'remoteOps.connect',
  disconnect: 'remoteOps.disconnect',
  retryHost: 'remoteOps.retryHost',
  logIn: 'remoteOps.logIn',
  findRuns: 'remoteOps.findRuns',
  track: 'remoteOps.track',
  refreshUntracked: 'remoteOps.refreshUntracked',
  copyUntracked: 'remoteOps.copyUntracked',
  endUntracked: 'remoteOps.endUntracked',
  filter: 'remoteOps.filter',
  clearFilter: 'remoteOps.clearFilter',
  sort: 'remoteOps.sort',
  addWatchFolder: 'remoteOps.addWatchFolder',
  removeWatchFolder: 'remoteOps.removeWatchFolder',
  retryCase: 'remoteOps.retryCase',
  submitCase: 'remoteOps.submitCase',
  cancelCase: 'remoteOps.cancelCase',
  showOutput: 'remoteOps.showOutput',
} as const;

export const viewId = 'remoteOps.operations';
export const dashboardType = 'remoteOps.dashboard';
export const detailType = 'remoteOps.detail';
export const formType = 'remoteOps.newOperation';
export const taskType = 'remoteOps';

/** Context keys of `when` clauses. */
export const contextKeys = {
  /** Why the tree is empty: `no-host`, `cannot-connect` or `nothing`. */
  empty: 'remoteOps.empty',
  hasHosts: 'remoteOps.hasHosts',
  filtered: 'remoteOps.filtered',
  /** What the log in the active editor does: `following`, `paused` or `ended`. */
  log: 'remoteOps.log',
  logHasEarlier: 'remoteOps.logHasEarlier',
} as const;

export const settingsSection = 'remoteOps';
