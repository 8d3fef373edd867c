declare module 'markdown-it' {
  /** As far as the tests need it. */
  export default class MarkdownIt {
    constructor(preset: 'commonmark');
    parse(markdown: string, environment: object): { type: string; content: string }[];
  }
}
