#include "heap/sites.h"
#include "python/text.h"

#define MAX_FRAMES 256
#define FIRST_ROOM 4096

int sites_open(Sites *sites, Names *names, int in_place) {
    Graph *g = names->graph;
    const long slot = g->py->layout.traces;
    *sites = (Sites){.names = names, .room = FIRST_ROOM};
    sites->traces = (Traces){&g->py->peek, slot > 0 ? (u64)slot : 0, in_place};
    sites->converted = mem_grow(g->memory, NULL, 0, 4 * FIRST_ROOM);
    return sites->converted && intern_open(&sites->known, g->memory) && intern_open(&sites->table, g->memory) &&
           block_open(&sites->block, g->memory, g->out, "SITE", 1u << 20);
}

static char *item(const Python *py, char *tuple, u64 at) { return pointer_at(tuple, py->layout.tuple_items + 8 * (long)at); }

static u32 write_site(Sites *sites, const u32 *pairs, u32 count) {
    int is_new;
    u32 id = intern_find(&sites->table, pairs, 8 * count, &is_new);
    if (is_new && block_room(&sites->block, 2 + 8 * count)) {
        put16(&sites->block, (u16)count);
        put(&sites->block, pairs, 8 * count);
        sites->block.count++;
    }
    return id;
}

/* ---- By the table ---- */

/* In pieces that lie within a page: what follows the string may not be there. */
static u32 file_of_text(Sites *sites, u64 text) {
    enum { PIECE = 16 };
    Names *n = sites->names;
    char name[DUMP_LIMIT_FILE_NAME + PIECE];
    u32 length = 0, id;
    int is_new;
    do {
        size_t size = PIECE - (text + length) % PIECE;
        if (!traces_read(&sites->traces, text + length, name + length, size)) break;
        for (; size && name[length]; size--) length++;
        if (size) break;
    } while (length < DUMP_LIMIT_FILE_NAME);
    if (length > DUMP_LIMIT_FILE_NAME) length = DUMP_LIMIT_FILE_NAME;
    while (length && length == DUMP_LIMIT_FILE_NAME && (name[length - 1] & 0x80)) length--; /* no half character */
    id = intern_find(&n->files, name, length, &is_new);
    if (is_new && block_room(&n->file_block, length + 2)) {
        put_text(&n->file_block, name, length);
        n->file_block.count++;
    }
    return id;
}

static u32 convert(Sites *sites, u64 traceback) {
    const int texts = sites->names->graph->py->layout.traces_text > 0;
    u32 pairs[2 * MAX_FRAMES], count;
    u16 found = 0;
    if (!traces_read(&sites->traces, traceback + TRACE_COUNT, &found, 2) || !found) return NONE;
    count = found < MAX_FRAMES ? found : MAX_FRAMES;
    for (u32 i = 0; i < count; i++) {
        struct { char *file; u32 line; } __attribute__((packed)) frame;
        if (!traces_read(&sites->traces, traceback + TRACE_FRAMES + TRACE_FRAME * i, &frame, sizeof frame)) return NONE;
        pairs[2 * i] = texts ? file_of_text(sites, (u64)frame.file) : file_for(sites->names, frame.file);
        pairs[2 * i + 1] = frame.line;
    }
    return write_site(sites, pairs, count);
}

static u32 looked_up(Sites *sites, u64 block) {
    u64 traceback = traces_of(&sites->traces, block);
    int is_new;
    u32 number;
    if (!traceback) return NONE;
    number = intern_find(&sites->known, &traceback, 8, &is_new);
    if (!is_new) return number < sites->room ? sites->converted[number] : NONE;
    if (number >= sites->room) {
        u32 *wider = mem_grow(sites->names->graph->memory, sites->converted, 4 * sites->room, 8 * sites->room);
        if (!wider) return NONE;
        sites->converted = wider;
        sites->room *= 2;
    }
    return sites->converted[number] = convert(sites, traceback);
}

/* ---- By asking ---- */

static u32 asked(Sites *sites, u64 block) {
    const Python *py = sites->names->graph->py;
    u32 pairs[2 * MAX_FRAMES], count, site = NONE;
    int fits;
    char *trace = (char *)py->functions.TraceMalloc_GetTraceback(0, block);
    if (!trace) {
        PyErr_Clear();
        return NONE;
    }
    if (type_of(trace) == py->types.tuple_ && word_at(trace, OB_SIZE)) {
        count = word_at(trace, OB_SIZE) < MAX_FRAMES ? (u32)word_at(trace, OB_SIZE) : MAX_FRAMES;
        for (u32 i = 0; i < count; i++) {
            char *frame = item(py, trace, i);
            pairs[2 * i] = file_for(sites->names, item(py, frame, 0));
            pairs[2 * i + 1] = (u32)int_of(py, item(py, frame, 1), &fits);
        }
        site = write_site(sites, pairs, count);
    }
    Py_DecRef((PyObject *)trace);
    return site;
}

/* By the block's address: in 3.11 tracemalloc's own look-up of objects forgets that instances have a longer header. */
u32 site_of(Sites *sites, char *o, const TypeInfo *t) {
    u64 block = (u64)o - t->pre;
    return sites->traces.slot ? looked_up(sites, block) : asked(sites, block);
}
