#include "heap/exits.h"
#include <string.h>
#include "python/frames.h"

#define MAX_EXITS (1u << 20)

typedef struct { char **at; u32 count, room; } Slots;

static void ref(RootTable *table, const char *name, char *object) {
    if (object && looks_like_object(table->graph->py, object))
        root_ref(table, label_for(table->names, LABEL_FIELD, name, (u32)strlen(name)), object);
}

static void callback(RootTable *table, char **slot) {
    const Python *py = table->graph->py;
    char *entry, *parts[3];
    if (!peek(&py->peek, slot, &entry, 8) || !entry || !peek(&py->peek, entry, parts, sizeof parts)) return;
    if (parts[0] == (char *)py->layout.exits_own) return;
    ref(table, "atexit", parts[0]);
    ref(table, "atexit arguments", parts[1]);
    ref(table, "atexit keywords", parts[2]);
}

static char *list_of(const Python *py) {
    char *list;
    if (py->layout.exits <= 0 || !py->layout.exits_list || !peek(&py->peek, (char *)py->layout.exits, &list, 8)) return NULL;
    return looks_like_object(py, list) && type_of(list) == py->types.list_ ? list : NULL;
}

void exits_refs(RootTable *table) {
    const Python *py = table->graph->py;
    Slots slots;
    if (py->layout.exits <= 0) return;
    if (py->layout.exits_list) {
        ref(table, "atexit", list_of(py));
        return;
    }
    if (!peek(&py->peek, (char *)py->layout.exits, &slots, sizeof slots) || slots.count > slots.room || slots.room > MAX_EXITS) return;
    for (u32 i = 0; i < slots.count && !stopped(table->graph->progress); i++) callback(table, slots.at + i);
}

char *exits_own(const Python *py) {
    char *list = list_of(py);
    for (u64 i = 0; list && i < word_at(list, OB_SIZE); i++) {
        char *entry = ((char **)pointer_at(list, LIST_ITEMS))[i];
        if (entry && type_of(entry) == py->types.tuple_ && word_at(entry, OB_SIZE) &&
            pointer_at(entry, py->layout.tuple_items) == (char *)py->layout.exits_own)
            return entry;
    }
    return NULL;
}
