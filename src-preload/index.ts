/** Sandboxed preload script: the contract over Electron's IPC. It only forwards messages. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { CHANNELS, type Bridge, type EventName, type Progress } from './contract/index.ts';

/** The window's listeners never get Electron's own event, which would give them the whole IPC. */
const eventListeners = new Map<string, Set<(payload: never) => void>>();

ipcRenderer.on(CHANNELS.event, (_event: IpcRendererEvent, name: EventName, payload: unknown) => {
  for (const listener of [...(eventListeners.get(name) ?? [])]) listener(payload as never);
});

const bridge: Bridge = {
  call: (id, method, args) => ipcRenderer.invoke(CHANNELS.call, id, method, args),
  cancel: (id) => ipcRenderer.send(CHANNELS.cancel, id),
  onProgress: (listener) => {
    const heard = (_event: IpcRendererEvent, id: number, progress: Progress): void => listener(id, progress);
    ipcRenderer.on(CHANNELS.progress, heard);
    return () => void ipcRenderer.off(CHANNELS.progress, heard);
  },
  on: (event, listener) => {
    const listeners = eventListeners.get(event) ?? new Set();
    eventListeners.set(event, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  shell: {
    pickFile: (filter, startIn) => ipcRenderer.invoke(CHANNELS.pickFile, filter, startIn),
    pickFolder: (startIn) => ipcRenderer.invoke(CHANNELS.pickFolder, startIn),
    pickSave: (suggested) => ipcRenderer.invoke(CHANNELS.pickSave, suggested),
    pathOf: (file) => webUtils.getPathForFile(file),
    report: (state) => ipcRenderer.send(CHANNELS.report, state),
  },
};

contextBridge.exposeInMainWorld('heapscope', bridge);
