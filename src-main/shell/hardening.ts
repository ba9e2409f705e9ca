import { app, type Session, type WebContents } from 'electron';

/** What no page may do, whatever its origin. `pageOrigin`: the only origin that is ours. */
export function harden(pageOrigin: () => string): void {
  app.on('web-contents-created', (_event, contents) => {
    const stayOnPage = (event: { preventDefault(): void; url: string }): void => {
      if (!isOurs(event.url, pageOrigin())) event.preventDefault();
    };
    contents.on('will-navigate', stayOnPage);
    contents.on('will-redirect', stayOnPage);
    contents.on('will-frame-navigate', stayOnPage);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** The only permission granted is writing text to the clipboard, which copying a table's rows needs. */
export function denyPermissions(session: Session, pageOrigin: () => string): void {
  const allowed = (permission: string, contents: WebContents | null): boolean =>
    permission === 'clipboard-sanitized-write' && contents !== null && isOurs(contents.getURL(), pageOrigin());
  session.setPermissionRequestHandler((contents, permission, answer) => answer(allowed(permission, contents)));
  session.setPermissionCheckHandler((contents, permission) => allowed(permission, contents));
  session.setDevicePermissionHandler(() => false);
}

/** `URL.origin` is "null" for schemes it does not know, so ours is compared by its parts. */
export function isOurs(url: string, pageOrigin: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && `${parsed.protocol}//${parsed.host}` === pageOrigin;
}
