/*
 * A walk in a forked child: begun, watched and ended by the process that is captured.
 *
 * Forks from C, without the C library's fork and without a trace in the program.
 *
 * - The clone system call, not fork(): handlers of pthread_atfork (OpenSSL's, jemalloc's, the program's) would run, and
 *   may wait for a lock that a busy thread holds. So malloc's locks stay as they are, and the child never calls malloc.
 * - The exit signal is 0: no SIGCHLD comes, os.wait() does not see the child, and only we reap it, with __WALL.
 * - CLONE_UNTRACED: a debugger that follows forks is not bothered.
 * - All signals are blocked from before the clone, so no handler of the program runs in the child. Only SIGALRM is let
 *   through there, with its default action: the child's own watchdog, should the parent be gone.
 * - The child closes every descriptor: a pipe or socket that it kept would keep others from seeing its end. Then it opens the
 *   dump itself, so that the program never has a descriptor of it; or, where the program can make no file, or none as large, a
 *   connection to the engine, which writes the file.
 * - Limits of memory and of files that the program has set are raised as far as anybody may.
 * - It lowers its priority and offers itself to the out-of-memory killer, in the program's stead.
 */
#ifndef HEAPSCOPE_HEAP_FORK_H
#define HEAPSCOPE_HEAP_FORK_H

#include "base/files.h"
#include "base/sockets.h"
#include "heap/walk.h"

enum { CHILD_RUNNING, CHILD_EXITED, CHILD_SIGNALLED, CHILD_LOST };

typedef struct {
    int pid;
    Progress *progress; /* shared with the child */
    PyObject *reserve;  /* freed in the child, so that the integers it makes find room without malloc; may be NULL */
    double began, pause; /* monotonic seconds; how long the program stood still, as who calls measures it */
    double timeout;
    int timed_out;
} Capture;

/* Where a dump goes: a file that was made for it, and must still be that; or, where `path` is NULL, the stream. */
typedef struct {
    const char *path;
    u64 identity[2];
    Stream stream;
} Target;

int capture_supported(void);
int capture_fork(Capture *c, Walk *w, const Target *target, double timeout); /* 0, or errno */
int capture_poll(Capture *c, int *detail);                                   /* CHILD_…; exit code or signal */
void capture_kill(Capture *c);
void capture_end(Capture *c);

#endif
