import { reactive } from 'vue';
import type { SessionId } from '../../../src-preload/contract/index.ts';

/** The sessions in the open copy dialog. */
export const copiedSelection = reactive<{ ids: SessionId[] }>({ ids: [] });
