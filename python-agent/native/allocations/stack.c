#include "allocations/stack.h"
#include "python/frames.h"
#include "python/text.h"

static char *without_tags(char *at) { return (char *)((u64)at & ~7ull); }

/*
 * A function's, and not one of the interpreter's own: of those some have no code, some a code with this name, and from 3.12
 * those around an __init__ have no function. In this order: the function of the first two may be any value.
 */
static int is_of_a_function(const Python *py, const char *frame, const char *code) {
    char *function;
    if (!code || type_of(code) != py->types.code_) return 0;
    if (text_is(py, pointer_at(code, py->layout.code_name), "<interpreter trampoline>", 24)) return 0;
    if (py->layout.frame_func < 0) return 1;
    function = without_tags(pointer_at(frame, py->layout.frame_func));
    return function && type_of(function) == py->types.function_;
}

u64 stack_serial(const Python *py, char *thread) {
    return thread && py->functions.PyThreadState_GetID ? py->functions.PyThreadState_GetID(thread) + 1 : 0;
}

void stack_read(const Python *py, char *thread, u32 limit, Stack *into) {
    const Layout *layout = &py->layout;
    char *frame;
    into->count = into->cut = 0;
    into->ident = thread && layout->thread_id > 0 ? word_at(thread, layout->thread_id) : 0;
    into->serial = stack_serial(py, thread);
    frame = thread ? pointer_at(thread, layout->thread_frame) : NULL;
    if (frame && layout->thread_frame_via >= 0) frame = pointer_at(frame, layout->thread_frame_via);
    for (frame = without_tags(frame); frame; frame = without_tags(pointer_at(frame, layout->frame_previous))) {
        char *code = without_tags(pointer_at(frame, layout->frame_code));
        if (!is_of_a_function(py, frame, code)) continue;
        if (into->count == limit) {
            into->cut = 1;
            return;
        }
        into->frames[into->count].code = code;
        into->frames[into->count++].line = frame_line_at(py, frame, code);
    }
}
