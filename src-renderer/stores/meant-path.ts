/** The engine's machine: paths are of it, not of the browser's. */
interface PathHome {
  home: string;
  separator: '/' | '\\';
}

/**
 * The path that a person means who typed or pasted it as elsewhere: `~/app.py`, `"my app.py"` with the quotes of a shell or a file manager,
 * `my\ app.py` as a terminal writes it, `file:///…`. Anything else is meant as it is.
 */
export function meantPath(text: string, { home, separator }: PathHome): string {
  const trimmed = text.trim();
  const quoted = /^(["'])(.+)\1$/.exec(trimmed)?.[2];
  const path = quoted ?? fromAddress(trimmed) ?? (separator === '/' ? trimmed.replace(/\\(?=[ '"()&])/g, '') : trimmed);
  if (path === '~') return home;
  return path.startsWith('~/') || path.startsWith(`~${separator}`) ? home + separator + path.slice(2) : path;
}

function fromAddress(text: string): string | null {
  if (!/^file:\/\//i.test(text)) return null;
  try {
    const path = decodeURIComponent(new URL(text).pathname);
    return /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
  } catch {
    return null;
  }
}
