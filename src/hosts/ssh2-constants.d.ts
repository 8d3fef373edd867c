declare module 'ssh2/lib/protocol/constants.js' {
  /** Names that may be offered. */
  export const SUPPORTED_SERVER_HOST_KEY: string[];
}
