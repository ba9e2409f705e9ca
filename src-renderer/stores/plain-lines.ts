// eslint-disable-next-line no-control-regex -- control sequences of ECMA-48: ESC [ … final, ESC ] … BEL or ESC \\, ESC and one more
const CONTROL_SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;
// eslint-disable-next-line no-control-regex -- what is left of them
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Lines of terminal output that are not empty, without control sequences; of a line that was overwritten, its last state. */
export function plainLines(output: string): string[] {
  return output
    .replace(CONTROL_SEQUENCES, '')
    .split('\n')
    .map((line) => (line.trimEnd().split('\r').at(-1) ?? '').replace(CONTROLS, ''))
    .filter((line) => line.trim() !== '');
}
