const LF = 10;
const CR = 13;

/**
 * A terminal turns a line feed into carriage return and line feed; a pipe does not. The recorded console shows what a terminal would have
 * shown, so this converts one stream of pieces.
 */
export class TerminalNewlines {
  #last = 0;

  convert(piece: Uint8Array): Uint8Array {
    let bare = 0;
    for (let i = 0; i < piece.length; i++) if (piece[i] === LF && this.#before(piece, i) !== CR) bare++;
    const shown = bare === 0 ? piece : this.#withReturns(piece, bare);
    this.#last = piece.at(-1) ?? this.#last;
    return shown;
  }

  #before(piece: Uint8Array, i: number): number {
    return i === 0 ? this.#last : (piece[i - 1] ?? 0);
  }

  #withReturns(piece: Uint8Array, bare: number): Uint8Array {
    const shown = new Uint8Array(piece.length + bare);
    let at = 0;
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i] ?? 0;
      if (byte === LF && this.#before(piece, i) !== CR) shown[at++] = CR;
      shown[at++] = byte;
    }
    return shown;
  }
}
