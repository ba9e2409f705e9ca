#include "heap/greenlets.h"
#include "python/code.h"
#include "python/frames.h"

enum { INNER_SELF = 1, INNER_FRAME = 8, INNER_WORDS = 17 };
#define MAX_FRAMES 10000
#define VALUES_AT_ONCE 256

/* The part of the C stack that was copied away while another greenlet uses it. */
typedef struct { u64 start, stop, copy, saved, previous, context; } Stack;

static void push(const Python *py, Found *found, u32 label, char *o) {
    if (looks_like_object(py, o)) found_push(found, o, (int32_t)label);
}

static void push_variables(const Python *py, Names *names, Found *found, const Frame *f) {
    u32 count = code_variables(py, f->code);
    u64 values[VALUES_AT_ONCE];
    for (u32 from = 0; from < count; from += VALUES_AT_ONCE) {
        u32 n = count - from < VALUES_AT_ONCE ? count - from : VALUES_AT_ONCE;
        if (!frame_values(py, f, from, n, values)) return;
        for (u32 i = 0; i < n; i++) {
            char *o = frame_object(values[i]);
            if (o) push(py, found, label_for_variable(names, f->code, from + i), o);
        }
    }
}

/* Where a frame lies now; the interpreter's own, between C code and Python code, are on the C stack. */
static char *place_of(const Stack *stack, char *at) {
    u64 address = (u64)at;
    return address >= stack->start && address - stack->start < stack->saved ? (char *)(stack->copy + (address - stack->start)) : at;
}

static void push_frames(const Python *py, Names *names, Found *found, const Stack *stack, char *at) {
    Frame f;
    for (u32 depth = 0; at && depth < MAX_FRAMES && !stopped(found->progress) && frame_read(py, &f, place_of(stack, at)); depth++) {
        at = frame_field(&f, py->layout.frame_previous);
        if (!frame_is_python(py, &f)) continue;
        push(py, found, names->func, frame_field(&f, py->layout.frame_func));
        push_variables(py, names, found, &f);
    }
}

static int is_sound(const Stack *stack) {
    return stack->start && stack->start <= stack->stop && stack->saved <= stack->stop - stack->start && !stack->copy == !stack->saved;
}

void greenlet_push(const Python *py, Names *names, Found *found, const char *o) {
    char *inner = pointer_at(o, py->layout.greenlet_inner), *words[INNER_WORDS];
    if (!inner || !peek(&py->peek, inner, words, sizeof words) || words[INNER_SELF] != o) return;
    for (u32 i = INNER_FRAME; i < INNER_WORDS; i++) {
        Stack stack;
        if (!looks_like_object(py, words[i]) || type_of(words[i]) != py->types.frame_) continue;
        push(py, found, label_for(names, LABEL_FIELD, "gr_frame", 8), words[i]);
        memcpy(&stack, &words[i - 6], sizeof stack);
        if (py->layout.frames == 2 && is_sound(&stack)) push_frames(py, names, found, &stack, pointer_at(words[i], py->layout.frame_data));
        return;
    }
}
