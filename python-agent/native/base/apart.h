/*
 * A step that opens files, in a thread whose table of descriptors is its own.
 *
 * A new descriptor is always the lowest that is free, where the program's next file goes. A thread of the program may be
 * inside the system's `open` at that instant, without the GIL; so even a descriptor of microseconds is in its way. The thread
 * of the step begins with an empty table. The caller waits as a parent waits after vfork, so they share the thread-local
 * variables, and signals find other threads. Where the kernel has no such thread (before Linux 5.9, other systems) the step
 * runs in the calling thread.
 */
#ifndef HEAPSCOPE_BASE_APART_H
#define HEAPSCOPE_BASE_APART_H

void apart(void (*step)(void *with), void *with);

#endif
