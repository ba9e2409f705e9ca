import { t } from '../../format/i18n.ts';
import { useDialogs } from '../../stores/dialogs.ts';

/** The address as it will be asked for, host in plain letters; null: none of the web. */
export function webAddress(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  return url.username === '' && url.password === '' ? url.href : null;
}

/** Shows where a link of the console leads. On yes it is opened in a page that knows nothing of this one, or copied. */
export async function confirmAndOpen(text: string, mayOpen: boolean): Promise<void> {
  const address = webAddress(text);
  if (address === null) return;
  const action = t(mayOpen ? 'console.linkOpen' : 'console.linkCopy');
  const yes = await useDialogs().confirm({ title: t('console.linkTitle'), text: address, action, danger: false });
  if (!yes) return;
  if (mayOpen) window.open(address, '_blank', 'noopener,noreferrer');
  else await navigator.clipboard.writeText(address);
}
