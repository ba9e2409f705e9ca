import { watch, type Ref } from 'vue';
import { wordExit } from '../../format/exit.ts';
import { sessionName } from '../../format/program.ts';
import { useConsole } from '../../stores/console.ts';
import { useNotices } from '../../stores/notices.ts';
import { useRecording } from '../../stores/recording.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSessions } from '../../stores/sessions.ts';
import { panels } from './panels.ts';

/** Where the console is not open, a program that was started here and failed shows its last lines in a notice. Call in a component's setup. */
export function followFailures(consoleShown: Readonly<Ref<boolean>>): void {
  watch(
    () => {
      const { started } = useRecording();
      const row = started && useSessions().byProject[started.project]?.find(({ id }) => id === started.session);
      return started !== null && row && row.state !== 'running' ? { ref: started, row } : null;
    },
    (ended) => {
      if (ended === null) return;
      const { ref, row } = ended;
      useRecording().started = null;
      const { project, session } = useSelection();
      const seen = consoleShown.value && project === ref.project && session === ref.session;
      const exit = wordExit(row.state, row.exit);
      if (seen || (exit.tone !== 'warning' && exit.tone !== 'error')) return;
      void useNotices().attempt(async () => {
        const quote = (await useConsole().lastLines(ref)).join('\n');
        const show = (): void => {
          panels.setOpen('console', true);
          useSelection().go({ ...ref, view: 'timeline' });
        };
        const body = { kind: 'message' as const, key: 'console.failed', values: { name: sessionName(row), exit: exit.text }, quote };
        useNotices().push('warning', body, { label: 'console.showOutput', run: show });
      });
    },
  );
}
