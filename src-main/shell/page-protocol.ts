import { protocol, type Session } from 'electron';
import { readPageFile } from '../own-files/page-files.ts';
import { cacheControl, pageHeaders } from '../own-files/page-headers.ts';

const SCHEME = 'app';
const HOST = 'heapscope';

/** Origin of our page: the only one the shell trusts. */
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;
export const PAGE_URL = `${PAGE_ORIGIN}/`;

/** Must run before the app is ready. Unlike file://, such a page has an origin and can have a content security policy. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, codeCache: true } },
  ]);
}

/** Serves the built window's files under app://heapscope/, to this session. */
export function servePage(session: Session, folder: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const url = URL.parse(request.url);
    if (url === null || url.host !== HOST || request.method !== 'GET') return refusal(400);
    const file = await readPageFile(folder, url.pathname);
    if (file === null) return refusal(404);
    const headers = { ...pageHeaders(), 'content-type': file.type, 'cache-control': cacheControl(file.immutable) };
    return new Response(new Uint8Array(file.body), { headers });
  });
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: pageHeaders() });
}
