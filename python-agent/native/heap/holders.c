#include "heap/holders.h"
#include <string.h>

static u32 label_of(Names *names, const char *name) { return label_for(names, LABEL_FIELD, name, (u32)strlen(name)); }

int cache_label(const Python *py, Names *names, const Found *found, const char *o, u32 *labels) {
    const Layout *layout = &py->layout;
    u32 first = (u32)layout->cache_first, stride = (u32)layout->cache_stride, fixed = first + (u32)layout->cache_tail;
    u32 count = found->count, own, tail, results;
    if (count < fixed) return 0;
    own = (count - fixed) % stride; /* 1: the last is its __dict__ */
    tail = count - own - (u32)layout->cache_tail;
    results = tail + (u32)layout->cache_results_place;
    if (own > 1 || found->targets[tail + layout->cache_function_place] != pointer_at(o, layout->cache_function)) return 0;
    if (type_of(found->targets[results]) != py->types.dict_) return 0;
    memset(labels, 0, count * sizeof(u32));
    if (first) labels[0] = names->class_;
    for (u32 k = first; k < tail; k += stride) {
        labels[k] = label_of(names, "cached arguments");
        labels[k + 1] = label_of(names, "cached result");
    }
    labels[tail + layout->cache_function_place] = label_of(names, "func");
    labels[results] = label_of(names, "cache");
    if (own) labels[count - 1] = names->dict;
    return 1;
}

void connection_label(const Python *py, Names *names, const Found *found, u32 *labels) {
    for (u32 k = 0; k + 1 < found->count; k++)
        if (!labels[k] && found->targets[k + 1] == py->types._sqlite3_) labels[k] = label_of(names, "callback");
}
