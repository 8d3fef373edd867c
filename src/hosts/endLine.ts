/** Watches output that comes in pieces for a line that begins with the given words, newline included. */
export class EndLine {
  /** What may yet become the line. The first line of all counts too. */
  #tail = '\n';

  constructor(private readonly words: string) {}

  /** Whether the line is complete with this piece. */
  completes(piece: string): boolean {
    const text = this.#tail + piece;
    const at = text.indexOf(`\n${this.words}`);
    this.#tail = at < 0 ? text.slice(-this.words.length) : text.slice(at);
    return at >= 0 && text.includes('\n', at + 1);
  }
}
