import type { consoleWords } from '../en/console.ts';
import type { Same } from '../shape.ts';

export const consoleZh: Same<typeof consoleWords> = {
  label: '程序的终端',
  live: '实时',
  ended: '已结束，只读',
  loading: '正在读取已保存的输出…',
  empty: '程序没有任何输出。',
  cut: '[ 此处有 {n} 的输出未保留 ]',
  find: '在输出中查找',
  matchCase: '区分大小写',
  next: '下一个',
  previous: '上一个',
  closeSearch: '关闭查找',
  hits: '没有匹配 | 1 处匹配 | {n} 处匹配',
  hitsFirst: '{n} 处匹配中的前 {shown} 处',
  showHits: '列出所有匹配',
  hideHits: '隐藏列表',
  goToTime: '在时间线上显示这一刻',
  searching: '正在查找…',
  copySelection: '复制',
  paste: '粘贴',
  selectAll: '全选',
  scrollDown: '转到末尾',
  readOnlyHint: '会话已结束：这是它的终端曾显示的内容。',
};
