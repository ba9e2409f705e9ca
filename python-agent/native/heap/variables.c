#include "heap/variables.h"

/* Visited from the last pair to the first, the value before its variable; what has no variable is a deeper part. */
void variables_label(const Python *py, Names *names, const Found *found, u32 *labels) {
    u32 at = found->count;
    memset(labels, 0, at * sizeof(u32));
    while (at--) {
        const char *variable = found->targets[at], *name;
        if (!at || type_of(variable) != py->types.ContextVar_) continue;
        name = pointer_at(variable, py->layout.variable_name);
        at--;
        if (name && type_of(name) == py->types.str_) labels[at] = label_for_str(names, LABEL_FIELD, (char *)name);
    }
}
