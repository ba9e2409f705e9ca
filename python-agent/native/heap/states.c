#include "heap/states.h"
#include "python/frames.h"

/* Until 3.12 Python does not say it of asynchronous generators: neither do we, so that snapshots of any way are alike. */
static int is_told(const Python *py, const char *o) {
    return type_of(o) != py->types.async_generator_ || py->layout.version >= 0x030C;
}

static u32 line_of_object(const Python *py, char *frame) {
    int line = py->functions.PyFrame_GetLineNumber ? py->functions.PyFrame_GetLineNumber(frame) : 0;
    return line > 0 ? (u32)line : 0;
}

/* Up to 3.10. Whoever resumed it comes before its frame, as long as it runs. */
static State by_object(const Python *py, const char *o, char *frame) {
    const Layout *layout = &py->layout;
    const char *name = "closed";
    u32 line = 0;
    if (frame && (layout->frame_last <= 0 || layout->frame_previous <= 0)) return (State){"", 0};
    if (frame) {
        int32_t last = (int32_t)half_at(frame, layout->frame_last);
        name = last < 0 ? "created" : pointer_at(frame, layout->frame_previous) ? "running" : "suspended";
        line = last < 0 ? 0 : line_of_object(py, frame);
    }
    return (State){is_told(py, o) ? name : "", line};
}

static u32 line_within(const Python *py, char *o) {
    Frame f;
    return frame_read(py, &f, o + py->layout.generator_frame) && frame_is_python(py, &f) ? frame_line(py, &f) : 0;
}

State state_of(const Python *py, char *o, char *frame) {
    static const char *const names[] = {"created", "suspended", "suspended", "running"};
    const Layout *layout = &py->layout;
    if (layout->frames == 1) return by_object(py, o, frame);
    if (layout->generator_state <= 0 || layout->generator_frame <= 0) return (State){"", 0};
    for (int i = 0; i < 4; i++)
        if (byte_at(o, layout->generator_state) == (u8)(layout->generator_states >> 8 * i))
            return (State){is_told(py, o) ? names[i] : "", i ? line_within(py, o) : 0};
    return (State){is_told(py, o) ? "closed" : "", 0};
}
