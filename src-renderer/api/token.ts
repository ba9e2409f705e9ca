const KEY = 'heapscope.token';

/**
 * The token from the page's address, kept for reloads of this tab and removed from the address bar, so that it is not visible, not copied
 * with the address and not kept in the history. Empty: there is none.
 */
export function takeToken(page: Window): string {
  const url = new URL(page.location.href);
  const given = url.searchParams.get('token');
  if (given === null) return page.sessionStorage.getItem(KEY) ?? '';
  page.sessionStorage.setItem(KEY, given);
  url.searchParams.delete('token');
  page.history.replaceState(page.history.state, '', url.pathname + url.search + url.hash);
  return given;
}
