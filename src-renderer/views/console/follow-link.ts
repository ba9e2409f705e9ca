import { t } from '../../format/i18n.ts';
import { useDialogs } from '../../stores/dialogs.ts';

/** The address as it will be requested, with its host in ASCII; null: not a web address. */
export function webAddress(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  return url.username === '' && url.password === '' ? url.href : null;
}

/** Shows where a link of the console leads. If the user agrees, it is opened in a page without access to this one, or copied. */
export async function confirmAndOpen(text: string, mayOpen: boolean): Promise<void> {
  const address = webAddress(text);
  if (address === null) return;
  const action = t(mayOpen ? 'console.linkOpen' : 'console.linkCopy');
  const yes = await useDialogs().confirm({ title: t('console.linkTitle'), text: address, action, danger: false });
  if (!yes) return;
  if (mayOpen) window.open(address, '_blank', 'noopener,noreferrer');
  else await navigator.clipboard.writeText(address);
}
