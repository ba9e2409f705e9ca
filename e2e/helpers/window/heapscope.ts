import type { Locator, Page } from '@playwright/test';
import type { ProjectInfo, SessionRow } from '../../../src-preload/contract/index.ts';
import type { App } from '../app.ts';
import type { Engine } from '../engine.ts';
import { expect } from '../expect.ts';
import { HeapView } from './heap-view.ts';
import { LaunchForm } from './launch-form.ts';
import { RecordingBar } from './recording-bar.ts';
import { SessionsView } from './sessions-view.ts';
import { Terminal } from './terminal.ts';
import { TimelineView } from './timeline-view.ts';

/** One window of Heapscope, located by roles and names like a screen reader does. */
export class Heapscope {
  readonly app: App;
  readonly page: Page;
  readonly engine: Engine;
  readonly form: LaunchForm;
  readonly bar: RecordingBar;
  readonly timeline: TimelineView;
  readonly sessions: SessionsView;
  readonly terminal: Terminal;
  readonly heap: HeapView;
  readonly inspector: Locator;
  /** Notices that the window shows for a moment. */
  readonly notices: Locator;

  constructor(app: App) {
    this.app = app;
    this.page = app.page;
    this.engine = app.engine;
    this.form = new LaunchForm(app.page);
    this.bar = new RecordingBar(app.page);
    this.timeline = new TimelineView(app.page);
    this.sessions = new SessionsView(app.page);
    this.terminal = new Terminal(app.page);
    this.heap = new HeapView(app.page);
    this.inspector = app.page.getByRole('complementary', { name: 'Inspector' });
    this.notices = app.page.getByRole('log', { name: 'Messages' });
  }

  async ready(): Promise<void> {
    await expect(this.page.getByRole('navigation').first()).toBeVisible();
  }

  async go(view: 'Record' | 'Sessions' | 'Timeline' | 'Heap' | 'Allocations' | 'Compare' | 'Runs'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();
    await expect(this.page.getByRole('main', { name: view })).toBeVisible();
  }

  /** Any action by its name, through the palette; while a field or the terminal has the focus, it keeps the palette's key. */
  async run(action: string): Promise<void> {
    await this.page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await this.page.keyboard.press('ControlOrMeta+k');
    const palette = this.page.getByRole('dialog', { name: 'Command palette' });
    await palette.getByRole('combobox').fill(action);
    await palette.getByRole('option', { name: action }).first().click();
    await expect(palette).toBeHidden();
  }

  /** Opens a project by its path, through the file dialog. */
  async openProject(path: string): Promise<void> {
    if (this.app.answerDialog) await this.app.answerDialog(path);
    await this.run('Open…');
    if (!this.app.answerDialog) await this.typePath('Choose a file', path);
  }

  async saveAs(path: string): Promise<void> {
    if (this.app.answerDialog) await this.app.answerDialog(path);
    await this.run('Save as…');
    if (!this.app.answerDialog) await this.typeSavePath(path);
  }

  /** Through the form, like a user: a script with its arguments. Settles when the program runs. */
  async record(script: string, args = ''): Promise<void> {
    await this.go('Record');
    await this.form.fillScript(script, args);
    await this.form.record();
    await expect(this.page.getByRole('main', { name: 'Timeline' })).toBeVisible();
  }

  /** The current project. */
  async project(): Promise<ProjectInfo> {
    const button = this.page.getByRole('button', { name: /^Project: / });
    let found: ProjectInfo | undefined;
    // Window and engine are asked one after the other: what is being saved elsewhere may have a new path in between.
    await expect
      .poll(async () => {
        const path = await button.getAttribute('title');
        found = (await this.engine.call('projects.list', {})).find((project) => project.path === path);
        return found;
      }, 'the project in view is open')
      .toBeDefined();
    return found!;
  }

  /** The most recently recorded session of the current project. */
  async session(): Promise<SessionRow> {
    const rows = await this.engine.call('sessions.list', { project: (await this.project()).id });
    const last = rows.toSorted((a, b) => a.id - b.id).at(-1);
    if (!last) throw new Error('the project in view has no session');
    return last;
  }

  private async typePath(title: string, path: string): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: title });
    const box = dialog.getByRole('textbox', { name: 'Path' });
    // It shows its initial folder as soon as that has been read.
    await expect(box).toHaveValue(/./);
    await box.fill(path);
    await box.press('Enter');
    await expect(dialog).toBeHidden();
  }

  /** The folder first, then the name in it. */
  private async typeSavePath(path: string): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'Save the project as' });
    const at = path.lastIndexOf('/');
    const folder = dialog.getByRole('textbox', { name: 'Path' });
    await expect(folder).toHaveValue(/./);
    await folder.fill(path.slice(0, at));
    await folder.press('Enter');
    await expect(dialog.getByRole('listbox')).toBeFocused();
    await dialog.getByRole('textbox', { name: 'Name' }).fill(path.slice(at + 1));
    await dialog.getByRole('button', { name: 'Save' }).click();
  }
}
