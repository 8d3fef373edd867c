/** What else the machine of a test does must not lead to questions. */
export const anyLoad = { 'remoteOps.overload.cpuPercent': 100, 'remoteOps.overload.memoryMb': 0 };
