#define _GNU_SOURCE
#include "heap/fork.h"
#include <errno.h>
#include <unistd.h>
#include "base/bounds.h"
#include "base/clock.h"

#ifdef __linux__
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include "base/signals.h"
#include "python/allocator.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef __WALL
#define __WALL 0x40000000
#endif

#define IOPRIO_IDLE (3 << 13)

/* ---- The child ---- */

struct entry { u64 inode; int64_t next; u16 length; u8 type; char name[]; };

static int close_listed(void) {
    char buffer[2048];
    int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC), closed;
    long n;
    if (folder < 0) return 0;
    do { /* closing shifts what is listed: again from the start until nothing was closed */
        closed = 0;
        lseek(folder, 0, SEEK_SET);
        while ((n = syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0)
            for (long at = 0; at < n; at += ((struct entry *)(buffer + at))->length) {
                const char *name = ((struct entry *)(buffer + at))->name;
                int fd = 0;
                if (*name < '0' || *name > '9') continue;
                while (*name) fd = fd * 10 + *name++ - '0';
                if (fd != folder) closed += close(fd) == 0;
            }
    } while (closed);
    close(folder);
    return 1;
}

static void close_all(void) {
    struct rlimit limit;
    if (syscall(SYS_close_range, 0u, ~0u, 0u) == 0) return; /* Linux 5.9 and later */
    if (close_listed()) return;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 65536) limit.rlim_cur = 65536;
    for (int fd = 0; fd < (int)limit.rlim_cur; fd++) close(fd);
}

static void be_modest(void) {
    struct rlimit no_core = {0, 0};
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t ignored = write(fd, "1000", 4);
        (void)ignored;
        close(fd);
    }
    setpriority(PRIO_PROCESS, 0, 5);
    syscall(SYS_ioprio_set, 1, 0, IOPRIO_IDLE);
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_DUMPABLE, 0);
}

static void watch_oneself(double timeout) {
    struct sigaction standard = {0};
    struct itimerval timer = {{0, 0}, {(time_t)timeout + 2, 0}};
    standard.sa_handler = SIG_DFL;
    sigaction(SIGALRM, &standard, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    signals_set(~(1ull << (SIGALRM - 1)));
}

static void child(const Capture *c, Walk *w, const Target *target, double timeout) {
    const Functions *functions = &w->py->functions;
    int result, fd;
    prctl(PR_SET_NAME, "heapscope-snap"); /* first: who looks at the processes meanwhile must not take it for the program */
    close_all();
    be_modest();
    watch_oneself(timeout);
    if (w->options.sites) allocator_take_over(functions);
    if (c->reserve) Py_DecRef(c->reserve);
    if (functions->gc_disable) functions->gc_disable(NULL, NULL); /* a small tuple of ours must not start a collection */
    bounds_raise();
    fd = target->path ? file_open(target->path, target->identity) : socket_stream(&target->stream);
    if (fd < 0) stop_writing(c->progress, -fd);
    result = fd < 0 ? -1 : walk_run(w, fd, c->progress);
    c->progress->phase = PHASE_DONE;
    for (;;) syscall(SYS_exit_group, result < 0 ? 2 : result);
}

/* ---- The parent ---- */

int capture_supported(void) { return 1; }

int capture_fork(Capture *c, Walk *w, const Target *target, double timeout) {
    u64 before;
    long pid;
    int error;
    c->progress = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (c->progress == MAP_FAILED) return errno;
    c->began = now_monotonic();
    before = signals_set(~0ull);
    pid = syscall(SYS_clone, (long)CLONE_UNTRACED, 0l, 0l, 0l, 0l);
    error = errno;
    if (pid == 0) child(c, w, target, timeout);
    signals_set(before);
    c->pid = (int)pid;
    c->timeout = timeout;
    c->timed_out = 0;
    if (pid > 0) return 0;
    munmap(c->progress, 4096);
    return error;
}

int capture_poll(Capture *c, int *detail) {
    int status = 0;
    pid_t pid = wait4(c->pid, &status, WNOHANG | __WALL, NULL);
    *detail = 0;
    if (pid == 0) {
        if (now_monotonic() - c->began > c->timeout && !c->timed_out) {
            c->timed_out = 1;
            capture_kill(c);
        }
        return CHILD_RUNNING;
    }
    if (pid != c->pid) return CHILD_LOST; /* not our child: we are a fork of who began it */
    if (WIFEXITED(status)) {
        *detail = WEXITSTATUS(status);
        return CHILD_EXITED;
    }
    *detail = WTERMSIG(status);
    c->timed_out |= *detail == SIGALRM;
    return CHILD_SIGNALLED;
}

void capture_kill(Capture *c) { kill(c->pid, SIGKILL); }

void capture_end(Capture *c) { munmap(c->progress, 4096); }

#else

int capture_supported(void) { return 0; }
int capture_fork(Capture *c, Walk *w, const Target *target, double timeout) { (void)c, (void)w, (void)target, (void)timeout; return ENOSYS; }
int capture_poll(Capture *c, int *detail) { (void)c, (void)detail; return CHILD_LOST; }
void capture_kill(Capture *c) { (void)c; }
void capture_end(Capture *c) { (void)c; }

#endif
