#include "heap/places.h"
#include <string.h>
#include "base/dump_format.h"
#include "heap/states.h"
#include "python/text.h"

#define NAME_SIZE 80
#define TASK_NAME_SIZE 40
/* A colon and the digits of a line. */
#define LINE_SIZE 12

int places_open(Places *places, Graph *g) {
    *places = (Places){.graph = g};
    return block_open(&places->block, g->memory, g->out, "PREV", 1u << 18);
}

int place_is_told(const Python *py, const TypeInfo *t) {
    const KnownTypes *known = &py->types;
    return t->type == known->function_ || t->type == known->method_ || t->type == known->code_ || t->type == known->frame_ ||
           t->type == known->generator_ || t->type == known->coroutine_ || t->type == known->async_generator_ ||
           t->type == known->lru_cache_wrapper_ || t->type == known->Task_;
}

/* ---- What of an object says it ---- */

typedef struct { const char *type; char *found; } Wanted;

static int visit_for(PyObject *target, void *arg) {
    Wanted *wanted = arg;
    if (!wanted->found && type_of((char *)target) == wanted->type) wanted->found = (char *)target;
    return 0;
}

/* The first referent of a type: fields of a frame come before its values. NULL: there is none, a finished one has none. */
static char *first_of(char *o, const char *type) {
    Wanted wanted = {type, NULL};
    traverseproc traverse = (traverseproc)(void *)pointer_at(type_of(o), TP_TRAVERSE);
    if (traverse) traverse((PyObject *)o, visit_for, &wanted);
    return wanted.found;
}

static char *str_at(const Python *py, const char *o, long offset) {
    char *str = offset > 0 ? pointer_at(o, offset) : NULL;
    return str && type_of(str) == py->types.str_ ? str : NULL;
}

static char *own_name(const Python *py, const char *o) {
    const ProbedFields *fields = &py->fields;
    for (int i = 0; i < fields->count; i++) {
        const ProbedField *f = &fields->items[i];
        if (f->type == type_of(o) && f->length == 12 && !memcmp(f->name, "__qualname__", 12)) return str_at(py, o, f->offset);
    }
    return NULL;
}

/* ---- Its text ---- */

static u32 file_text(const Python *py, const char *code, char *into, u32 room) {
    char path[DUMP_LIMIT_FILE_NAME], *str = str_at(py, code, py->layout.code_filename);
    u32 length = str ? text_utf8(py, str, path, sizeof path) : 0, from = length;
    while (from && path[from - 1] != '/' && path[from - 1] != '\\') from--;
    length -= from;
    if (!length || room < 2) return 0;
    if (length > room - 1)
        for (length = room - 1; length && (path[from + length] & 0xC0) == 0x80;) length--; /* cut between characters */
    into[0] = ' ';
    memcpy(into + 1, path + from, length);
    return length + 1;
}

static u32 state_text(const char *state, char *into) {
    u32 length = (u32)strlen(state);
    if (!length) return 0;
    into[0] = ' ';
    memcpy(into + 1, state, length);
    return length + 1;
}

/* After the ``used`` bytes that are there. */
static u32 place_text(const Python *py, const char *name, const char *code, State at, char *into, u32 used) {
    u32 file, before = used, line = at.line, state = (u32)strlen(at.name);
    state += state > 0;
    if (!name && code) name = str_at(py, code, py->layout.code_name);
    if (name) used += text_utf8(py, name, into + used, NAME_SIZE - used);
    if (used == before) return used;
    if (!code) return used + (strcmp(at.name, "closed") ? 0 : state_text(at.name, into + used));
    file = file_text(py, code, into + used, DUMP_LIMIT_PREVIEW - used - LINE_SIZE - state);
    if (!line && py->layout.code_line > 0) line = half_at(code, py->layout.code_line);
    if (!file || !line || line > 0x7FFFFFFF) return used + file;
    used += file;
    into[used++] = ':';
    used += decimal((long long)line, into + used);
    return used + state_text(at.name, into + used);
}

static State state_for(const Python *py, char *o) {
    const KnownTypes *known = &py->types;
    const char *type = type_of(o);
    if (type != known->generator_ && type != known->coroutine_ && type != known->async_generator_) return (State){"", 0};
    return state_of(py, o, py->layout.frames == 1 ? first_of(o, known->frame_) : NULL);
}

/* Of a suspended generator's frame, which is the generator's to show, it is no referent. */
static char *code_of_frame(const Python *py, char *o) {
    char *code = first_of(o, py->types.code_), *frame;
    if (code || py->layout.frames != 2) return code;
    frame = pointer_at(o, py->layout.frame_data);
    code = frame ? (char *)(word_at(frame, py->layout.frame_code) & ~7ull) : NULL;
    return code && type_of(code) == py->types.code_ ? code : NULL;
}

/* A task's name, up to a number that it was not asked for yet, then its coroutine. */
static u32 task_text(const Python *py, const char *o, char *into) {
    const KnownTypes *known = &py->types;
    char *name = pointer_at(o, py->layout.task_name), *coroutine = pointer_at(o, py->layout.task_coroutine);
    u32 used = 0, whole;
    if (name && type_of(name) == known->str_) used = text_utf8(py, name, into, TASK_NAME_SIZE);
    else if (name && type_of(name) == known->int_) {
        memcpy(into, "Task-", 5);
        used = 5 + int_text(py, name, into + 5);
    }
    if (!used || !coroutine || type_of(coroutine) != known->coroutine_) return used;
    into[used++] = ' ';
    whole = place_text(py, own_name(py, coroutine), first_of(coroutine, known->code_), state_for(py, coroutine), into, used);
    return whole > used ? whole : used - 1;
}

/* Of what holds a function: a bound method, a function with a cache. */
static char *function_of(const Python *py, char *o, const TypeInfo *t) {
    char *function = t->content == CONTENT_CACHE ? pointer_at(o, py->layout.cache_function) : first_of(o, py->types.function_);
    return function && type_of(function) == py->types.function_ ? function : NULL;
}

static u32 text_for(const Python *py, char *o, const TypeInfo *t, char *into) {
    const KnownTypes *known = &py->types;
    char *code;
    State at = {"", 0};
    if (t->type == known->code_) return place_text(py, NULL, o, at, into, 0);
    if (t->type == known->Task_) return task_text(py, o, into);
    if (t->type == known->method_ || t->type == known->lru_cache_wrapper_) {
        o = function_of(py, o, t);
        if (!o) return 0;
    }
    if (type_of(o) == known->function_) {
        code = py->layout.function_code > 0 ? pointer_at(o, py->layout.function_code) : NULL;
        return place_text(py, own_name(py, o), code && type_of(code) == known->code_ ? code : NULL, at, into, 0);
    }
    code = t->type == known->frame_ ? code_of_frame(py, o) : first_of(o, known->code_);
    if (t->type == known->frame_ && code && py->functions.PyFrame_GetLineNumber) {
        int line = py->functions.PyFrame_GetLineNumber(o);
        at.line = line > 0 ? (u32)line : 0;
    } else at = state_for(py, o);
    return place_text(py, own_name(py, o), code, at, into, 0);
}

void place_note(Places *places, char *o, const TypeInfo *t, u32 number) {
    char text[DUMP_LIMIT_PREVIEW + 32];
    u32 length = text_for(places->graph->py, o, t, text);
    if (length > DUMP_LIMIT_PREVIEW) length = 0;
    if (!length || !block_room(&places->block, length + 6)) return;
    put32(&places->block, number);
    put_text(&places->block, text, length);
    places->block.count++;
}
