import { reactive } from 'vue';
import type { SessionId } from '../../../src-preload/contract/index.ts';

/** The sessions that the open copy dialog is about. */
export const copiedSelection = reactive<{ ids: SessionId[] }>({ ids: [] });
