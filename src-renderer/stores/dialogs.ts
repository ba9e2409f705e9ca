import { defineStore } from 'pinia';

/** Dialogs of the window itself; at most one is open. */
export type DialogName = 'palette' | 'shortcuts' | 'settings' | 'mark' | 'copy-sessions' | 'snapshot-settings' | 'about';

export interface Question {
  title: string;
  text: string;
  action: string;
  danger: boolean;
}

interface DialogsState {
  open: DialogName | null;
  question: (Question & { answer: (yes: boolean) => void }) | null;
}

/** Which dialog is open, and pending questions. */
export const useDialogs = defineStore('dialogs', {
  state: (): DialogsState => ({ open: null, question: null }),
  actions: {
    show(name: DialogName): void {
      this.open = name;
    },

    close(): void {
      this.open = null;
    },

    /** Asks the user; false when it is dismissed. The calling view provides the text. */
    confirm(question: Question): Promise<boolean> {
      this.question?.answer(false);
      return new Promise((resolve) => {
        this.question = { ...question, answer: resolve };
      });
    },

    answer(yes: boolean): void {
      this.question?.answer(yes);
      this.question = null;
    },
  },
});
