/*
 * Where an object was allocated, as tracemalloc knows it, through its own C function. It makes a small tuple and takes
 * tracemalloc's lock: a thread without the GIL may hold that at the moment of a fork, and then the watchdog ends us.
 */
#include "core.h"

#define MAX_FRAMES 256

static char *item(char *tuple, u64 at) { return pointer_at(tuple, layout.tuple_items + 8 * (long)at); }

static u32 write_site(Walk *w, const u32 *pairs, u32 count) {
    int is_new;
    u32 id = intern_find(w, &w->site_table, pairs, 8 * count, &is_new);
    if (is_new && block_room(&w->sites, 2 + 8 * count)) {
        put16(&w->sites, (u16)count);
        put(&w->sites, pairs, 8 * count);
        w->sites.count++;
    }
    return id;
}

/* By the block's address: in 3.11 tracemalloc's own look-up of objects forgets that instances have a longer header. */
u32 site_of(Walk *w, char *o, const TypeInfo *t) {
    u32 pairs[2 * MAX_FRAMES], count, site = NONE;
    int fits;
    char *trace = (char *)api.TraceMalloc_GetTraceback(0, (uintptr_t)o - t->pre);
    if (!trace) {
        PyErr_Clear();
        return NONE;
    }
    if (type_of(trace) == known.tuple_ && word_at(trace, OB_SIZE)) {
        count = word_at(trace, OB_SIZE) < MAX_FRAMES ? (u32)word_at(trace, OB_SIZE) : MAX_FRAMES;
        for (u32 i = 0; i < count; i++) {
            char *frame = item(trace, i);
            pairs[2 * i] = file_for(w, item(frame, 0));
            pairs[2 * i + 1] = (u32)int_of(item(frame, 1), &fits);
        }
        site = write_site(w, pairs, count);
    }
    Py_DecRef((PyObject *)trace);
    return site;
}
