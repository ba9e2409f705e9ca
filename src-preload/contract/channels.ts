/** Names of Electron's channels between the preload script and the shell; defined only here. */
export const CHANNELS = {
  /** invoke: id, method, args → Outcome */
  call: 'heapscope:call',
  /** to the shell: id */
  cancel: 'heapscope:cancel',
  /** to the window: id, Progress */
  progress: 'heapscope:progress',
  /** to the window: event's name, payload */
  event: 'heapscope:event',
  /** invoke: filter, startIn → path or null */
  pickFile: 'heapscope:pick-file',
  /** invoke: startIn → path or null */
  pickFolder: 'heapscope:pick-folder',
  /** invoke: suggested → path or null */
  pickSave: 'heapscope:pick-save',
  /** to the shell: ShellState */
  report: 'heapscope:report',
} as const;
