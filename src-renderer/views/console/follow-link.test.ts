import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test, vi } from 'vitest';
import { useDialogs } from '../../stores/dialogs.ts';
import { confirmAndOpen, webAddress } from './follow-link.ts';

const open = vi.fn();

beforeEach(() => {
  setActivePinia(createPinia());
  open.mockReset();
  vi.stubGlobal('open', open);
});

test.each(['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'vscode://x', 'http://bank.example@evil.example/', 'x', ''])(
  'given %j in the console, when it is clicked, then nothing is asked and nothing opens',
  async (text) => {
    await confirmAndOpen(text, true);
    expect(useDialogs().question).toBeNull();
    expect(open).not.toHaveBeenCalled();
  },
);

test('given an address, when it is clicked, then it is shown whole and opens on yes alone, without a way back', async () => {
  const refused = confirmAndOpen('https://example.org/a?b', true);
  expect(useDialogs().question?.text).toBe('https://example.org/a?b');
  useDialogs().answer(false);
  await refused;
  expect(open).not.toHaveBeenCalled();
  const wanted = confirmAndOpen('https://example.org/a?b', true);
  useDialogs().answer(true);
  await wanted;
  expect(open).toHaveBeenCalledWith('https://example.org/a?b', '_blank', 'noopener,noreferrer');
});

test('given the desktop, when an address is clicked, then it is copied, since its window opens none', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const asked = confirmAndOpen('http://example.org', false);
  useDialogs().answer(true);
  await asked;
  expect(writeText).toHaveBeenCalledWith('http://example.org/');
  expect(open).not.toHaveBeenCalled();
});

test('given letters that look like others, when the address is shown, then its host is in plain letters', () => {
  expect(webAddress('https://аpple.com/')).toMatch(/^https:\/\/xn--/);
});
