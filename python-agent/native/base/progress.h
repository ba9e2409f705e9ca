/* The progress of a job, and why it stops. In a page shared by two processes: the working one writes, the waiting
   one reads. */
#ifndef HEAPSCOPE_BASE_PROGRESS_H
#define HEAPSCOPE_BASE_PROGRESS_H

#include "base/words.h"

/* Reasons to stop before the end, with their names in Python. */
#define STOPS(X) \
    X(NO, "") X(CANCEL, "cancel") X(MEMORY, "memory") X(FILE, "file size") X(NODES, "nodes") X(EDGES, "edges") \
    X(WRITE, "write") X(LISTS, "lists")

/* Phases of a walk, likewise. */
#define PHASES(X) \
    X(START, "start") X(ROOTS, "roots") X(OBJECTS, "objects") X(PREVIEWS, "previews") X(END, "end") X(DONE, "done")

#define X(name, text) STOP_##name,
enum { STOPS(X) };
#undef X
#define X(name, text) PHASE_##name,
enum { PHASES(X) };
#undef X

typedef struct {
    volatile u32 phase, stop, error;
    volatile u32 cancel;
    volatile u64 nodes, edges, bytes, memory, tracked, known;
} Progress;

static inline int stopped(const Progress *progress) { return progress->stop != STOP_NO; }

/* The first reason counts. */
static inline void stop_for(Progress *progress, u32 why) {
    if (!progress->stop) progress->stop = why;
}

static inline void stop_writing(Progress *progress, int error) {
    progress->error = (u32)error;
    progress->stop = STOP_WRITE;
}

#endif
