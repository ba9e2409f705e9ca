/* A capture by a forked child: begun, watched and ended by the process that is captured. */
#ifndef HEAPSCOPE_FORK_H
#define HEAPSCOPE_FORK_H

#include "core.h"

enum { CHILD_RUNNING, CHILD_EXITED, CHILD_SIGNALLED, CHILD_LOST };

typedef struct {
    int pid;
    Progress *progress; /* shared with the child */
    double began, pause; /* monotonic seconds; how long the program stood still, as who calls measures it */
    double timeout;
    int timed_out;
} Capture;

double now_monotonic(void);
int capture_supported(void);
int capture_fork(Capture *c, Walk *w, int fd, double timeout); /* 0, or errno */
int capture_poll(Capture *c, int *detail);                     /* CHILD_…; exit code or signal */
void capture_kill(Capture *c);
void capture_end(Capture *c);

u64 pages_resident(void); /* bytes in memory now; 0 where that is not told */
/* Joins the pages of well-filled regions between two addresses, until then; where it came to. Counts bytes; error: why it ends. */
u64 pages_join(u64 from, u64 to, u32 pages_needed, double until, u64 *joined, int *error);

/* files.c. `file_create`: the descriptor or -errno; `file_read`: to be freed, or NULL. */
int file_create(const char *path, u64 identity[2]);
int file_is(int fd, const u64 identity[2]);
char *file_read(const char *path, size_t *size);

#endif
