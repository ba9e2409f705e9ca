/** The arguments of `npm start -- …`: options of `heapscope open`, then the target and its arguments. */
export interface StartWords {
  options: string[];
  target: string[];
}

/** The first argument that is not one of our options begins the target. */
export function splitStartWords(words: readonly string[]): StartWords {
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    if (word === '--port') at += 2;
    else if (word === '--browser' || word === '--electron' || word.startsWith('--port=')) at += 1;
    else break;
  }
  const target = words.slice(at);
  return { options: words.slice(0, at), target: target[0] === '--' ? target.slice(1) : target };
}
