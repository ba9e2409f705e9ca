/**
 * A second process for tests: opens or creates a project, prints a line of JSON, then follows its command. `node testing-child.ts record
 * PATH`: records at speed until it is killed, reporting how far it has flushed. `node testing-child.ts import PATH`: stores one complete
 * snapshot and then pieces of another until it is killed. `node testing-child.ts hold PATH`: keeps the file open until its input ends, and
 * closes it.
 */
import { silentLog } from '../base/log.ts';
import { ProjectFile } from './project-file.ts';
import { addReadySnapshot, columnBytes, newSession, newSnapshot, valueAt } from './testing.ts';

const [, , job, path = ''] = process.argv;

function say(fact: object): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

function record(): void {
  const project = ProjectFile.create(path, { untitled: true, log: silentLog });
  const writer = project.newSession(newSession());
  const root = writer.addProcess({ pid: 1, parent: null, command: 'python', python: null, start: 0, agent: 'none' });
  const series = [0, 1, 2].map((k) => writer.addSeries(root.id, `metric_${k}`));
  let i = 0;
  const step = (): void => {
    for (const end = i + 50; i < end; i++) series.forEach((id, k) => writer.append(id, i * 100, valueAt(k, i)));
    writer.addEvent(root.id, i * 100, 'mark', { name: String(i), source: 'program' });
    writer.appendConsole(i * 100, Buffer.from(`line ${i}\n`));
    writer.flush();
    say({ session: writer.id, flushed: i });
    // Data appended from here to the next flush may be lost.
    series.forEach((id, k) => writer.append(id, i * 100, valueAt(k, i)));
    i++;
    setImmediate(step);
  };
  step();
}

async function importSnapshots(): Promise<void> {
  const project = ProjectFile.create(path, { untitled: true, log: silentLog });
  const writer = project.newSession(newSession());
  const { id: process } = writer.addProcess({ pid: 1, parent: null, command: 'python', python: null, start: 0, agent: 'none' });
  writer.flush();
  await addReadySnapshot(project, writer.id, process);
  const { id } = project.snapshots.add(newSnapshot(writer.id, process, { state: 'importing' }));
  for (let chunk = 0; ; chunk++) {
    await project.snapshots.addColumn(id, { name: 'type', chunk, data: columnBytes('type', chunk, 300_000) });
    say({ chunk });
  }
}

function hold(): void {
  const project = ProjectFile.open(path, { log: silentLog, untitledIn: path });
  say(project.facts());
  process.stdin.on('end', () => project.close()).resume();
}

if (job === 'record') record();
else if (job === 'import') await importSnapshots();
else hold();
